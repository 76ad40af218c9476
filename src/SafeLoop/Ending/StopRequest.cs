namespace SafeLoop;

/// <summary>A request to end a loop, with its effect on runs and iterations.</summary>
/// <param name="End">How the loop ends.</param>
/// <param name="Interrupts">
/// The reason with which a running iteration is cancelled, after <c>DrainFor</c>; none: it runs to its end.
/// </param>
/// <param name="Reason">Why, for the log and the snapshot; may be null.</param>
internal sealed record StopRequest(LoopEnd End, OutcomeReason Interrupts, string? Reason)
{
    /// <summary>Ends a loop at once, because this host could no longer prove that it owns the loop.</summary>
    public static readonly StopRequest Lost = new(
        LoopEnd.Moved, OutcomeReason.ShardLost, "This host can no longer prove that it owns its shard.")
    {
        DrainFor = TimeSpan.Zero,
    };

    /// <summary>Ends a loop that another host continues.</summary>
    /// <param name="drainFor">How long a running iteration may drain.</param>
    public static StopRequest Moved(TimeSpan drainFor) =>
        new(LoopEnd.Moved, OutcomeReason.ShardLost, "Another host runs it.") { DrainFor = drainFor };

    /// <summary>True when the request also stops the host.</summary>
    public bool StopsHost { get; init; }

    /// <summary>How long running iterations may drain; null: for the <c>DrainFor</c> of their task.</summary>
    public TimeSpan? DrainFor { get; init; }

    /// <summary>True when another host continues the loop, so that slots which have not started must not be lost.</summary>
    public bool IsMove => End is LoopEnd.Moved;

    /// <summary>
    /// The reason with which queued runs and waiting iterations end: they do not start, and callers get their records.
    /// </summary>
    public OutcomeReason ForWaiting =>
        Interrupts is not OutcomeReason.None ? Interrupts : IsMove ? OutcomeReason.ShardLost : OutcomeReason.Disabled;
}
