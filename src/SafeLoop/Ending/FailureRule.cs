namespace SafeLoop;

/// <summary>Decides what happens after failures in a row. The most severe consequence applies.</summary>
internal static class FailureRule
{
    public static FailureConsequence After(int failures, RecurringTaskOptions options) =>
        failures >= options.Failures.StopHostAfter ? FailureConsequence.StopHost
        : failures >= options.Failures.StopAfter ? FailureConsequence.StopLoop
        : failures >= options.Failures.PauseAfter ? FailureConsequence.Pause
        : FailureConsequence.None;

    /// <param name="failures">The failures in a row.</param>
    /// <param name="options">The options in force.</param>
    /// <param name="isLast">True when the loop ends anyway.</param>
    public static FailureConsequence After(int failures, RecurringTaskOptions options, bool isLast) =>
        After(failures, options) is var consequence && isLast && consequence < FailureConsequence.StopLoop
            ? FailureConsequence.StopLoop
            : consequence;
}
