namespace SafeLoop;

/// <summary>How an iteration ended, and what follows from it for the loop.</summary>
internal sealed record IterationEnd(IterationOutcome Outcome, OutcomeReason Reason = OutcomeReason.None, Exception? Exception = null)
{
    public static readonly IterationEnd Succeeded = new(IterationOutcome.Succeeded);

    /// <summary>Set when the loop is to end with this iteration.</summary>
    public LoopEnd? EndsLoop { get; init; }

    public string? EndReason { get; init; }

    public bool IsFailure => Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut;

    public static IterationEnd Skipped(OutcomeReason reason, LoopEnd? endsLoop = null) => new(IterationOutcome.Skipped, reason) { EndsLoop = endsLoop };

    /// <summary>The end of an iteration that waited to start when its loop ended for this reason.</summary>
    public static IterationEnd NotStarted(OutcomeReason reason) =>
        reason is OutcomeReason.Disabled ? Skipped(reason) : new(IterationOutcome.Interrupted, reason);

    /// <summary>The three cancellations told apart; and none of them is a success, even if the step took no notice.</summary>
    public static IterationEnd Of(IterationCancellation cancellation, Exception? error) => (cancellation, error) switch
    {
        ({ IsRequested: true, Reason: OutcomeReason.Disabled }, _) => NotStarted(OutcomeReason.Disabled),
        ({ IsRequested: true, Reason: not OutcomeReason.None }, _) => new(IterationOutcome.Interrupted, cancellation.Reason, error),
        ({ IsRequested: true }, _) => new(IterationOutcome.TimedOut, OutcomeReason.None, error),
        (_, null) => Succeeded,
        _ => new(IterationOutcome.Failed, OutcomeReason.None, error),
    };
}
