namespace SafeLoop;

internal enum FailureConsequence
{
    None,
    Pause,
    StopLoop,
    StopHost,
}
