namespace SafeLoop;

/// <summary>Decides what becomes of slots that come due while an iteration is running.</summary>
internal readonly record struct OverlapRule(long RunCount, bool ShouldCancel, OutcomeReason DropReason)
{
    /// <param name="options">The task's policy and limit.</param>
    /// <param name="count">How many slots have come due.</param>
    /// <param name="waiting">How many wait in the buffer already.</param>
    public static OverlapRule Decide(RecurringTaskOptions options, long count, int waiting) => options.Overlap.Policy switch
    {
        Overlap.BufferOne => new(Math.Min(count, 1 - Math.Min(waiting, 1)), false, OutcomeReason.BufferFull),
        Overlap.BufferAll => new(Math.Min(count, Math.Max(0, options.Overlap.Max - waiting)), false, OutcomeReason.BufferFull),
        Overlap.CancelRunning => new(1, true, OutcomeReason.PreviousRunning),
        Overlap.Allow => new(count, false, OutcomeReason.BufferFull),
        _ => new(0, false, OutcomeReason.PreviousRunning),
    };
}
