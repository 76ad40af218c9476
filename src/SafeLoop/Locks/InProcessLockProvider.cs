namespace SafeLoop;

/// <summary>The default locks: named, first come first served, within this process.</summary>
/// <remarks>
/// A lease without <see cref="LoopLockRequest.AtMostFor"/> lasts until it is released: the process that holds it is the process that
/// keeps the book. One with it can be taken over when it was not renewed in time. A name that nobody holds or waits for costs nothing.
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
                return new(held.Give(request));
            if (!request.Wait)
                return new((ILoopLease?)null);
            return new(held.Queue(request, cancellationToken));
        }
    }

    /// <summary>The number of names in the book, for tests.</summary>
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

    // One for all names: it still strictly increases for each, and a free name need not be remembered. From the clock, in microseconds, so that
    // a store which outlives the process does not refuse the next one.
    internal long NextFence() => _fence = Math.Max(_fence + 1, (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    internal void Forget(string name) => _locks.Remove(name);
}
