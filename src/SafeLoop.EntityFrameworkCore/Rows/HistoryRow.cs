namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// The outcome of a slot. The order of the properties is that of the columns, without gaps for alignment on PostgreSQL; what
/// most rows lack is null, which takes no space. A number that 32 bits do not hold is in the column with <c>Long</c> before its
/// name.
/// </summary>
internal class HistoryRow
{
    public long Slot { get; set; }

    /// <summary>Makes the key unique with <see cref="Slot"/>. See <see cref="RowIds"/>.</summary>
    public long Id { get; set; }

    /// <summary>From the last slot to the start, in microseconds.</summary>
    public int Late { get; set; }

    public int Elapsed { get; set; }

    public int TaskId { get; set; }

    /// <summary>The number of the iteration; 0: none started.</summary>
    public int Iteration { get; set; }

    public IterationOutcome Outcome { get; set; }

    public OutcomeReason Reason { get; set; }

    /// <summary>From the first of several slots to the last, in microseconds.</summary>
    public int? Span { get; set; }

    public int? LongestElapsed { get; set; }

    /// <summary>How many slots; null: one.</summary>
    public int? Slots { get; set; }

    /// <summary>True for a run by hand, otherwise null.</summary>
    public bool? IsManual { get; set; }

    public long? LongLate { get; set; }

    public long? LongElapsed { get; set; }

    public long? LongIteration { get; set; }

    public long? LongSpan { get; set; }

    public long? LongLongestElapsed { get; set; }

    public long? LongSlots { get; set; }

    /// <summary>The fingerprint of the error.</summary>
    public long? Error { get; set; }

    public long? FencingToken { get; set; }

    /// <summary>The id of the trace: its 32 hexadecimal digits in 16 bytes.</summary>
    public Guid? TraceId { get; set; }

    public string? KeyText { get; set; }

    /// <summary>The text of the error where it differs from that of <see cref="ErrorRow"/>.</summary>
    public string? Message { get; set; }

    /// <summary>The number of the instance; 0: unknown.</summary>
    public int Instance => RowIds.InstanceOf(Id);

    public long Started => Slot + (LongLate ?? Late);

    public long? FirstSlot => Slot - (LongSpan ?? Span);
}
