namespace SafeLoop;

/// <summary>Decides what follows from failures in a row. The strongest that applies counts.</summary>
internal static class FailureRule
{
    public static FailureConsequence After(int failures, RecurringTaskOptions options) =>
        failures >= options.StopHostAfterFailures ? FailureConsequence.StopHost
        : failures >= options.StopAfterFailures ? FailureConsequence.StopLoop
        : failures >= options.PauseAfterFailures ? FailureConsequence.Pause
        : FailureConsequence.None;
}
