namespace SafeLoop;

/// <summary>What consecutive failures do to a loop, in ascending order of severity.</summary>
internal enum FailureConsequence
{
    None,
    Pause,
    StopLoop,
    StopHost,
}
