namespace SafeLoop;

/// <summary>The default lock provider: named locks within this process, served in order of request.</summary>
/// <remarks>
/// Without <see cref="LoopLockRequest.AtMostFor"/>, a lease lasts until it is released: if the process dies, its locks are gone
/// too. With it, the lock can be taken over when the lease was not renewed in time. A name without holder or waiters uses no
/// memory.
/// </remarks>
internal sealed class InProcessLockProvider(Pacemaker pacemaker) : ILoopLockProvider
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InProcessLock> _locks = [];
    private long _fence;

    public bool HasFencing => true;

    public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_locks.TryGetValue(request.Name, out var held))
                _locks.Add(request.Name, held = new InProcessLock(this, request.Name));
            if (held.IsFree)
                return new(held.Grant(request));
            if (!request.Wait)
                return new((ILoopLease?)null);
            return new(held.Enqueue(request, cancellationToken));
        }
    }

    /// <summary>The number of names with a holder or waiters, for tests.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _locks.Count;
        }
    }

    internal Lock Gate => _gate;

    internal TimeProvider Time => pacemaker.Time;

    internal Pacemaker Pacemaker => pacemaker;

    // One counter for all names: it still strictly increases for each of them, and unused names need no memory. It starts at
    // the clock's microseconds, so that a data store that outlives this process accepts the tokens of the next process.
    internal long NextFence() =>
        _fence = Math.Max(_fence + 1, (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    internal void Remove(string name) => _locks.Remove(name);
}
