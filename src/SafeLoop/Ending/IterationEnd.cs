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
}
