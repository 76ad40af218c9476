namespace SafeLoop;

/// <summary>
/// The leases that this process holds or may still hold: from their acquisition until their confirmed release.
/// </summary>
/// <remarks>
/// Thread-safe. A provider reports a lock as held also when this process holds it: in its last iteration, or in a dead session.
/// </remarks>
internal sealed class OwnLocks(Lazy<ILoopLockProvider> provider, Pacemaker pacemaker, UserCalls calls)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LockOwner, OwnLease> _all = [];
    private readonly Dictionary<string, OwnLease> _holders = []; // by the name of the lock: what was granted last

    /// <summary>The lock provider.</summary>
    public ILoopLockProvider Provider => provider.Value;

    public Pacemaker Pacemaker => pacemaker;

    public UserCalls Calls => calls;

    public bool MayHold(LockOwner owner)
    {
        lock (_gate)
            return _all.ContainsKey(owner);
    }

    /// <summary>
    /// Adds a new lease. Because it was granted, an earlier lease of the same owner has ended, whether its release succeeded or
    /// not.
    /// </summary>
    public void Add(LockOwner owner, OwnLease lease)
    {
        lock (_gate)
            _all[owner] = _holders[owner.Lock] = lease;
    }

    public void Remove(LockOwner owner, OwnLease lease)
    {
        lock (_gate)
        {
            if (_all.GetValueOrDefault(owner) == lease)
                _all.Remove(owner);
            if (_holders.GetValueOrDefault(owner.Lock) == lease)
                _holders.Remove(owner.Lock);
        }
    }

    /// <summary>The task of this process that holds a lock; the default: none does, or its lease is lost.</summary>
    public LockHolder HolderOf(string name)
    {
        lock (_gate)
            return _holders.GetValueOrDefault(name)?.ToHolder() ?? default;
    }

    /// <summary>Releases the leases that are held only for their minimum time. Called when the host has stopped.</summary>
    public Task ReleaseHeldForMinimumTimeAsync()
    {
        OwnLease[] all;
        lock (_gate)
            all = [.. _all.Values];
        return Task.WhenAll(all.Where(lease => lease.IsHeldForMinimumTime).Select(lease => lease.ReleaseAsync()));
    }
}
