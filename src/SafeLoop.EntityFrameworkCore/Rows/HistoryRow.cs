namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// The outcome of a slot. The order of the properties is that of the columns, without gaps for alignment on PostgreSQL; what
/// most rows lack is null, which takes no space.
/// </summary>
internal class HistoryRow
{
    /// <summary>See <see cref="RowIds"/>.</summary>
    public long Id { get; set; }

    public long Slot { get; set; }

    public long Started { get; set; }

    public long Elapsed { get; set; }

    public int TaskId { get; set; }

    /// <summary>The number of the instance; 0: unknown.</summary>
    public int Instance { get; set; }

    /// <summary>The number of the iteration; 0: none started.</summary>
    public int Iteration { get; set; }

    public IterationOutcome Outcome { get; set; }

    public OutcomeReason Reason { get; set; }

    /// <summary>True for a run by hand, otherwise null.</summary>
    public bool? IsManual { get; set; }

    /// <summary>The number of the iteration where it needs more than 32 bits.</summary>
    public long? LongIteration { get; set; }

    public long? FirstSlot { get; set; }

    public long? LongestElapsed { get; set; }

    /// <summary>How many slots; null: one.</summary>
    public long? Slots { get; set; }

    /// <summary>The fingerprint of the error.</summary>
    public long? Error { get; set; }

    public long? FencingToken { get; set; }

    public string? KeyText { get; set; }

    /// <summary>The text of the error where it differs from that of <see cref="ErrorRow"/>.</summary>
    public string? Message { get; set; }
}
