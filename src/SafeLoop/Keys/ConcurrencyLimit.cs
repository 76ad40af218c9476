namespace SafeLoop;

/// <summary>
/// Limits how many loops of a task run at a time. A loop needs a permit to run. Loops without one queue up in the order in
/// which they came due.
/// </summary>
internal sealed class ConcurrencyLimit(LoopRows rows)
{
    private const int FewWaiting = 64;

    private readonly Lock _gate = new();
    private readonly Queue<LoopId> _waiting = new(); // also of loops that were removed meanwhile
    private volatile int _max = int.MaxValue;
    private int _running;
    private int _sweepAt = FewWaiting;

    /// <summary>The number of loops that have a permit.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many ids of loops the queue has.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>True when loops wait for a permit, or more loops run than the limit allows.</summary>
    public bool IsCrowded
    {
        get
        {
            if (IsUnlimited)
                return false;
            lock (_gate)
                return _waiting.Count > 0 || _running > _max;
        }
    }

    /// <summary>True when no loop has to wait for a permit.</summary>
    public bool IsUnlimited => _max == int.MaxValue;

    /// <summary>Counts a loop that begins to run while there is no limit.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>Takes a permit for a loop, or enqueues the loop.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="runner">The runner to which it is pinned; null: it has come due.</param>
    /// <returns>False when the loop has no permit.</returns>
    public bool TryEnter(LoopId loop, RentedRunner? runner)
    {
        lock (_gate)
        {
            if (_running < _max)
            {
                Interlocked.Increment(ref _running);
                return true;
            }
            if (!rows.TryQueue(loop, runner))
                return false;
            if (_waiting.Count >= _sweepAt)
                Sweep();
            _waiting.Enqueue(loop);
            return false;
        }
    }

    /// <summary>Releases a permit.</summary>
    /// <returns>The next loop in the queue, which has the permit now; none when no loop waits.</returns>
    public LoopId Leave()
    {
        if (IsUnlimited)
        {
            Interlocked.Decrement(ref _running);
            if (IsUnlimited) // after the decrement: a limit set meanwhile counts this permit as free or is seen here
                return default;
            Interlocked.Increment(ref _running);
        }
        lock (_gate)
        {
            if (_running <= _max && _waiting.TryDequeue(out var next))
                return next;
            Interlocked.Decrement(ref _running);
            return default;
        }
    }

    /// <summary>Releases the permit of a loop and puts the loop at the end of the queue, so that others run first.</summary>
    /// <param name="loop">The loop, which has a permit.</param>
    /// <param name="next">The loop that has the permit now; none when more loops ran than the limit allows.</param>
    /// <returns>False when no loop waits, or this one is stopping. It then keeps its permit.</returns>
    public bool TryYield(LoopId loop, out LoopId next)
    {
        next = default;
        lock (_gate)
        {
            if ((_waiting.Count == 0 && _running <= _max) || !rows.TryQueueAgain(loop))
                return false;
            _waiting.Enqueue(loop);
            next = Leave();
            return true;
        }
    }

    /// <summary>Sets another limit; null: none.</summary>
    /// <returns>The loops that have received a permit.</returns>
    public IReadOnlyList<LoopId> SetLimit(int? max)
    {
        var admitted = new List<LoopId>();
        lock (_gate)
        {
            _max = max ?? int.MaxValue;
            for (; _running < _max && _waiting.TryDequeue(out var next); Interlocked.Increment(ref _running))
                admitted.Add(next);
        }
        return admitted;
    }

    // While no place becomes free, keys that come and go must not make the queue longer and longer. Each sweep is paid for by as
    // many loops that were queued before it.
    private void Sweep()
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var loop = _waiting.Dequeue();
            if (rows.IsQueued(loop))
                _waiting.Enqueue(loop);
        }
        _waiting.TrimExcess();
        _sweepAt = Math.Max(FewWaiting, 2 * _waiting.Count);
    }
}
