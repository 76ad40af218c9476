namespace SafeLoop;

/// <summary>
/// A history record in 32 bytes; every task keeps up to 64. The ring stores rare data, a large count or an error, separately.
/// </summary>
/// <remarks>Stores the lower 32 bits of the iteration number. The newest number gives the upper bits.</remarks>
internal readonly struct PackedRecord(in IterationRecord record)
{
    private readonly long _slot = record.SlotAt.UtcTicks;
    private readonly long _started = record.StartedAt.UtcTicks;
    private readonly long _elapsed = record.Elapsed.Ticks;
    private readonly uint _number = (uint)record.Number;
    private readonly byte _outcome = (byte)((byte)record.Outcome << 1 | (record.IsManual ? 1 : 0));
    private readonly byte _reason = (byte)((byte)record.Reason << 1 | (record.Number > 0 ? 1 : 0));
    private readonly ushort _count = IsRare(record) ? (ushort)0 : (ushort)record.Count;

    /// <summary>True when the record does not fit and must be stored unpacked.</summary>
    public static bool IsRare(in IterationRecord record) => record.Error is not null || record.Count is < 1 or > ushort.MaxValue;

    /// <summary>True when the ring stores the record itself.</summary>
    public bool IsStoredUnpacked => _count == 0;

    /// <param name="newest">The number of the newest iteration.</param>
    public IterationRecord Unpack(long newest) => new(
        new(_slot), new(_started), (IterationOutcome)(_outcome >> 1), (OutcomeReason)(_reason >> 1), _count)
    {
        Number = (_reason & 1) == 0 ? 0 : newest - (uint)((uint)newest - _number),
        Elapsed = new(_elapsed),
        IsManual = (_outcome & 1) != 0,
    };
}
