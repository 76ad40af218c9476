namespace SafeLoop;

/// <summary>
/// The latest records of one task, up to a capacity. Consecutive skips for the same reason are merged into one record with a
/// count, so they do not evict other records.
/// </summary>
internal sealed class RecordRing(int capacity)
{
    private PackedRecord[] _records = new PackedRecord[Math.Min(capacity, 4)];
    private Dictionary<int, IterationRecord>? _rare;
    private Dictionary<int, RecordExtra>? _extras; // of what did not succeed, which is rare
    private long _newestNumber;
    private int _first;
    private int _count;

    public int Capacity => capacity;

    /// <summary>The newest record; null when there is none.</summary>
    public IterationRecord? Newest => _count == 0 ? null : At(Last);

    private int Last => (_first + _count - 1) % _records.Length;

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="extra">What it has beside, without the first slot of one.</param>
    public void Add(in IterationRecord record, RecordExtra extra = default)
    {
        if (record.Outcome is IterationOutcome.Skipped && Newest is { Outcome: IterationOutcome.Skipped } last
            && (last.Reason, last.IsManual, last.Error) == (record.Reason, record.IsManual, record.Error))
        {
            var first = _extras?.GetValueOrDefault(Last).FirstSlot is { IsNone: false } known ? known
                : last.Count == 1 ? last.SlotAt
                : Instant.None;
            Store(record with { Count = last.Count + record.Count, Started = last.Started }, extra with { FirstSlot = first });
            return;
        }

        if (_count == _records.Length && _count < capacity)
            Grow();
        if (_count == capacity)
            _first = (_first + 1) % capacity;
        else
            _count++;
        Store(record, record.Count > 1 ? extra : extra with { FirstSlot = Instant.None });
    }

    /// <summary>Copies the records, oldest first.</summary>
    public IterationRecord[] ToArray()
    {
        var copy = new IterationRecord[_count];
        for (var i = 0; i < _count; i++)
            copy[i] = At((_first + i) % _records.Length);
        return copy;
    }

    /// <summary>Copies the records with what they have beside, oldest first.</summary>
    public (IterationRecord Record, RecordExtra Extra)[] ToArrayWithExtras()
    {
        var copy = new (IterationRecord, RecordExtra)[_count];
        for (var i = 0; i < _count; i++)
        {
            var place = (_first + i) % _records.Length;
            copy[i] = (At(place), _extras?.GetValueOrDefault(place) ?? default);
        }
        return copy;
    }

    private IterationRecord At(int place) =>
        _records[place].IsStoredUnpacked ? _rare![place] : _records[place].Unpack(_newestNumber);

    private void Store(in IterationRecord record, RecordExtra extra)
    {
        if (record.Number > _newestNumber)
            _newestNumber = record.Number;

        ref var place = ref _records[Last];
        if (place.IsStoredUnpacked)
            _rare?.Remove(Last);
        place = new(record);
        if (place.IsStoredUnpacked)
            (_rare ??= [])[Last] = record;
        if (extra != default && record.Outcome is not IterationOutcome.Succeeded)
            (_extras ??= [])[Last] = extra;
        else
            _extras?.Remove(Last);
    }

    // Called only before the first wrap, so the oldest record is still at index 0.
    private void Grow() => Array.Resize(ref _records, Math.Min(capacity, _records.Length * 2));
}
