namespace SafeLoop;

/// <summary>Decides what happens to slots that come due while an iteration is running.</summary>
/// <param name="RunCount">The number of slots that are enqueued.</param>
/// <param name="ShouldCancel">True when the running iterations are cancelled.</param>
/// <param name="DropReason">Why the other slots are skipped.</param>
internal readonly record struct OverlapRule(long RunCount, bool ShouldCancel, OutcomeReason DropReason)
{
    /// <summary>Applies the overlap policy.</summary>
    /// <param name="options">The task's policy and limit.</param>
    /// <param name="count">The number of slots that have come due.</param>
    /// <param name="waiting">The number of runs that already wait in the buffer.</param>
    public static OverlapRule Decide(RecurringTaskOptions options, long count, int waiting) => options.Overlap.Policy switch
    {
        Overlap.BufferOne => new(Math.Min(count, 1 - Math.Min(waiting, 1)), false, OutcomeReason.BufferFull),
        Overlap.BufferAll => new(Math.Min(count, Math.Max(0, options.Overlap.Max - waiting)), false, OutcomeReason.BufferFull),
        Overlap.CancelRunning => new(1, true, OutcomeReason.PreviousRunning),
        Overlap.Allow => new(count, false, OutcomeReason.BufferFull),
        _ => new(0, false, OutcomeReason.PreviousRunning),
    };
}
