namespace SafeLoop;

/// <summary>The latest records of one task, at most so many. Skips of one reason in a row are one record with a count, so they cannot push the others out.</summary>
internal sealed class RecordRing(int capacity)
{
    private IterationRecord[] _records = new IterationRecord[Math.Min(capacity, 4)];
    private int _first;
    private int _count;

    public int Capacity => capacity;

    public void Add(in IterationRecord record)
    {
        if (_count > 0 && IsSameSkip(Last, record))
        {
            Last = record with { Count = Last.Count + record.Count, Started = Last.Started };
            return;
        }

        if (_count == _records.Length && _count < capacity)
            Grow();
        if (_count == capacity)
            _first = (_first + 1) % capacity;
        else
            _count++;
        Last = record;
    }

    /// <summary>Oldest first.</summary>
    public IterationRecord[] ToArray()
    {
        var copy = new IterationRecord[_count];
        for (var i = 0; i < _count; i++)
            copy[i] = _records[(_first + i) % _records.Length];
        return copy;
    }

    /// <summary>Null before the first.</summary>
    public IterationRecord? Newest => _count == 0 ? null : Last;

    private ref IterationRecord Last => ref _records[(_first + _count - 1) % _records.Length];

    private static bool IsSameSkip(in IterationRecord one, in IterationRecord other) =>
        one.Outcome is IterationOutcome.Skipped && other.Outcome is IterationOutcome.Skipped && one.Reason == other.Reason;

    // Only before the first wrap, so the oldest is still at the start.
    private void Grow() => Array.Resize(ref _records, Math.Min(capacity, _records.Length * 2));
}
