namespace SafeLoop;

/// <summary>What a ping says about an iteration.</summary>
internal enum PingKind
{
    Start,
    Success,
    Failure,
}
