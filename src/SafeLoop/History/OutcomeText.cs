namespace SafeLoop;

/// <summary>The table of what a slot did, by outcome and reason: the predicate of a sentence whose subject is the slot.</summary>
internal static class OutcomeText
{
    /// <param name="outcome">The outcome.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="lockName">The lock of the task; null: none, or unknown.</param>
    public static string Describe(IterationOutcome outcome, OutcomeReason reason, string? lockName) => (outcome, reason) switch
    {
        (IterationOutcome.Succeeded, OutcomeReason.None) => "ran and succeeded",
        (IterationOutcome.Failed, OutcomeReason.None) => "ran and failed",
        (IterationOutcome.TimedOut, OutcomeReason.None) => "ran and was cancelled at its time limit",

        (IterationOutcome.Interrupted, OutcomeReason.HostStopping) => "was interrupted because the host was stopping",
        (IterationOutcome.Interrupted, OutcomeReason.LockLost) =>
            $"was interrupted because {Lock(lockName)} was lost, or its lease could not be renewed in time",
        (IterationOutcome.Interrupted, OutcomeReason.Removed) => "was interrupted because the task was removed",
        (IterationOutcome.Interrupted, OutcomeReason.Cancelled) => "was cancelled by hand",
        (IterationOutcome.Interrupted, OutcomeReason.Replaced) =>
            "was interrupted because a newer run took its place (Overlap.CancelRunning)",
        (IterationOutcome.Interrupted, OutcomeReason.HostLost) =>
            "was interrupted because its host ended without recording the outcome",
        (IterationOutcome.Interrupted, OutcomeReason.ShardLost) =>
            "was interrupted because its host gave the loop to another host, or could no longer prove that it owned it",

        (IterationOutcome.Skipped, OutcomeReason.LockHeld) => $"was skipped because another owner held {Lock(lockName)}",
        (IterationOutcome.Skipped, OutcomeReason.PreviousRunning) =>
            "was skipped because it came due while the previous iteration was running",
        (IterationOutcome.Skipped, OutcomeReason.ConditionFalse) =>
            "was skipped because a While check returned false or an Until check true, which ended the loop",
        (IterationOutcome.Skipped, OutcomeReason.Paused) => "was skipped because the task was paused",
        (IterationOutcome.Skipped, OutcomeReason.Missed) =>
            "was skipped because it was noticed too late (the process slept, was stopped by a debugger, or was overloaded)",
        (IterationOutcome.Skipped, OutcomeReason.BufferFull) =>
            "was skipped because the buffer of waiting slots, or the limit of parallel iterations, was full",
        (IterationOutcome.Skipped, OutcomeReason.Disabled) =>
            "was skipped because the task was disabled or its loop was not running",
        (IterationOutcome.Skipped, OutcomeReason.AlreadyRun) =>
            lockName is null ? "was skipped because another replica had already claimed or recorded this slot or a later one"
                : $"was skipped because another replica had already run this slot under {Lock(lockName)}, or claimed it",
        (IterationOutcome.Skipped, OutcomeReason.HostDown) => "was skipped because no host was running when it came due",

        // A newer version may have stored a combination that this one does not know.
        _ => $"ended as {outcome}{(reason is OutcomeReason.None ? "" : $" ({reason})")}",
    };

    private static string Lock(string? name) => name is null ? "its lock" : $"its lock '{name}'";
}
