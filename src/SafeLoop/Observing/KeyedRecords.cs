namespace SafeLoop;

/// <summary>
/// What a keyed task records of all its loops together: totals, and of some keys that fail the error. A key that succeeds costs
/// nothing.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KeyedRecords
{
    /// <summary>
    /// Of so many failing keys the error is kept, of those that began to fail first; 1,000 errors are 2 MB at most.
    /// </summary>
    private const int MostFailing = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<IKeyed, FailingKey> _failing = new(ReferenceEqualityComparer.Instance);
    private KeyedTotals _totals;

    public KeyedTotals Totals
    {
        get
        {
            lock (_gate)
                return _totals;
        }
    }

    /// <summary>A slot of one of the loops has its outcome.</summary>
    public void Add(IKeyed loop, in IterationRecord record, Exception? exception)
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

    /// <summary>The key has gone.</summary>
    public void Forget(IKeyed loop)
    {
        lock (_gate)
            _failing.Remove(loop);
    }

    /// <summary>What is kept of a key that fails; null: it does not, or began to when enough others did.</summary>
    public (IterationRecord Last, long Failed, long TimedOut)? Find(IKeyed loop)
    {
        lock (_gate)
            return _failing.TryGetValue(loop, out var failing) ? (failing.Last, failing.Failed, failing.TimedOut) : null;
    }

    /// <summary>Since when a key fails; null: it does not, or began to when enough others did.</summary>
    public Instant? FailingSince(IKeyed loop)
    {
        lock (_gate)
            return _failing.TryGetValue(loop, out var failing) ? failing.Since : null;
    }

    private void AddFailure(IKeyed loop, in IterationRecord record)
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
