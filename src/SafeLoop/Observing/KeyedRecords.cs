namespace SafeLoop;

/// <summary>
/// The totals of all loops of a keyed task, and the failures of up to 1,000 failing keys. A succeeding key costs no memory.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KeyedRecords
{
    /// <summary>
    /// The maximum number of failing keys whose errors are kept. 1,000 errors are at most 2 MB.
    /// </summary>
    private const int MostFailing = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<LoopId, FailingKey> _failing = [];
    private KeyedTotals _totals;
    private int _stuck;

    /// <summary>What a store has restored of the keys.</summary>
    public RestoredKeys Restored { get; } = new();

    public KeyedTotals Totals
    {
        get
        {
            lock (_gate)
                return _totals;
        }
    }

    /// <summary>The number of iterations that are stuck.</summary>
    public int Stuck => Volatile.Read(ref _stuck);

    public void OnStuckIterationBegan() => Interlocked.Increment(ref _stuck);

    public void OnStuckIterationEnded() => Interlocked.Decrement(ref _stuck);

    /// <summary>Adds the outcome of a slot of one of the loops.</summary>
    public void Add(LoopId loop, in IterationRecord record, Exception? exception)
    {
        lock (_gate)
        {
            _totals.Add(record, exception);
            if (record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
                AddFailure(loop, record);
            else if (record.Outcome is IterationOutcome.Succeeded && _failing.Count > 0)
                _failing.Remove(loop);
        }
    }

    /// <summary>Removes the data of a removed key.</summary>
    public void Remove(LoopId loop)
    {
        Restored.Remove(loop);
        lock (_gate)
            _failing.Remove(loop);
    }

    /// <summary>
    /// The failures of a key; null when it is not failing, or began to fail while 1,000 other keys were failing.
    /// </summary>
    public (IterationRecord Last, long Failed, long TimedOut)? Find(LoopId loop)
    {
        lock (_gate)
            return _failing.TryGetValue(loop, out var failing) ? (failing.Last, failing.Failed, failing.TimedOut) : null;
    }

    /// <summary>The last failure of each failing key that is kept, in no particular order.</summary>
    public (LoopId Loop, IterationRecord Last)[] FindAll()
    {
        lock (_gate)
            return [.. _failing.Select(static failing => (failing.Key, failing.Value.Last))];
    }

    /// <summary>When the first failure of a key ended; null in the same cases as <see cref="Find"/>.</summary>
    public Instant? FailingSince(LoopId loop)
    {
        lock (_gate)
            return _failing.TryGetValue(loop, out var failing) ? failing.Since : null;
    }

    private void AddFailure(LoopId loop, in IterationRecord record)
    {
        if (!_failing.TryGetValue(loop, out var failing))
        {
            if (_failing.Count == MostFailing)
                return;
            _failing.Add(loop, failing = new FailingKey());
        }
        failing.Add(record);
    }
}
