namespace SafeLoop.Dashboard;

/// <summary>Outcomes and their reasons in words, and the class that colours them.</summary>
internal static class OutcomeWords
{
    public static string Class(IterationOutcome outcome, OutcomeReason reason) => outcome switch
    {
        IterationOutcome.Succeeded => "ok",
        IterationOutcome.Failed => "fail",
        IterationOutcome.TimedOut => "late",
        IterationOutcome.Interrupted => "cut",
        IterationOutcome.Skipped => IsUnusual(reason) ? "odd" : "skip",
        _ => "none",
    };

    /// <summary>True for a skip that was neither configured nor requested.</summary>
    public static bool IsUnusual(OutcomeReason reason) =>
        reason is OutcomeReason.Missed or OutcomeReason.BufferFull or OutcomeReason.HostDown;

    public static string Describe(IterationOutcome outcome, OutcomeReason reason) =>
        reason is OutcomeReason.None ? Describe(outcome) : $"{Describe(outcome)}: {Describe(reason)}";

    public static string Describe(IterationOutcome outcome) => outcome switch
    {
        IterationOutcome.Succeeded => "succeeded",
        IterationOutcome.Failed => "failed",
        IterationOutcome.TimedOut => "timed out",
        IterationOutcome.Interrupted => "interrupted",
        IterationOutcome.Skipped => "skipped",
        _ => "running",
    };

    public static string Describe(OutcomeReason reason) => reason switch
    {
        OutcomeReason.LockHeld => "lock held elsewhere",
        OutcomeReason.PreviousRunning => "previous iteration running",
        OutcomeReason.ConditionFalse => "condition not met",
        OutcomeReason.Paused => "paused",
        OutcomeReason.Missed => "noticed too late",
        OutcomeReason.BufferFull => "buffer full",
        OutcomeReason.Disabled => "disabled",
        OutcomeReason.HostStopping => "host stopping",
        OutcomeReason.LockLost => "lock lost",
        OutcomeReason.Removed => "task removed",
        OutcomeReason.Cancelled => "cancelled by hand",
        OutcomeReason.Replaced => "replaced by a newer run",
        OutcomeReason.AlreadyRun => "already run by another replica",
        OutcomeReason.HostDown => "no host running",
        OutcomeReason.HostLost => "host lost",
        OutcomeReason.ShardLost => "shard moved or lost",
        OutcomeReason.None => "",
        _ => reason.ToString(),
    };

    public static string Describe(RecurringTaskState state) =>
        state is RecurringTaskState.NotStarted ? "not started" : state.ToString().ToLowerInvariant();
}
