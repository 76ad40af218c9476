namespace SafeLoop;

/// <summary>The result of an iteration, and its consequence for the loop.</summary>
internal sealed record IterationEnd(
    IterationOutcome Outcome, OutcomeReason Reason = OutcomeReason.None, Exception? Exception = null)
{
    public static readonly IterationEnd Succeeded = new(IterationOutcome.Succeeded);

    /// <summary>
    /// The end of an iteration that did not start because its loop moves to another host. It has no outcome: its slot stays due
    /// for the next host.
    /// </summary>
    public static readonly IterationEnd Moved = new(IterationOutcome.None)
    {
        EndsLoop = LoopEnd.Moved,
        EndReason = "Another host runs it.",
    };

    /// <summary>The reason for which the loop ends with this iteration; null: the loop continues.</summary>
    public LoopEnd? EndsLoop { get; init; }

    public string? EndReason { get; init; }

    /// <summary>Who held the lock that was refused; the default: unknown, or it was not refused.</summary>
    public LockHolder Holder { get; init; }

    public bool IsFailure => Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut;

    public static IterationEnd Skipped(OutcomeReason reason, LoopEnd? endsLoop = null) =>
        new(IterationOutcome.Skipped, reason) { EndsLoop = endsLoop };

    /// <summary>Creates the result of an iteration that had not started when its loop ended for this reason.</summary>
    public static IterationEnd NotStarted(OutcomeReason reason) =>
        reason is OutcomeReason.Disabled ? Skipped(reason) : new(IterationOutcome.Interrupted, reason);

    /// <summary>
    /// Creates the result from the cancellation and the exception. A cancelled iteration never succeeds, even when the step
    /// returned normally.
    /// </summary>
    public static IterationEnd From(IterationCancellation cancellation, Exception? error) => (cancellation, error) switch
    {
        ({ IsRequested: true, Reason: OutcomeReason.Disabled }, _) => NotStarted(OutcomeReason.Disabled),
        ({ IsRequested: true, Reason: not OutcomeReason.None and var reason }, _) =>
            new(IterationOutcome.Interrupted, reason, error),
        ({ IsRequested: true }, _) => new(IterationOutcome.TimedOut, OutcomeReason.None, error),
        (_, null) => Succeeded,
        _ => new(IterationOutcome.Failed, OutcomeReason.None, error),
    };
}
