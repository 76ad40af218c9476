namespace SafeLoop;

/// <summary>What follows for a loop from failures in a row, the strongest last.</summary>
internal enum FailureConsequence
{
    None,
    Pause,
    StopLoop,
    StopHost,
}
