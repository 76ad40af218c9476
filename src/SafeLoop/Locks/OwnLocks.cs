namespace SafeLoop;

/// <summary>The locks this process holds or may still hold: from when it was given them until it has surely given them back.</summary>
/// <remarks>A provider says "held" of a lock that is held by the asker's own last iteration, too, or by a session of it that is dead. Thread-safe.</remarks>
internal sealed class OwnLocks(Lazy<ILoopLockProvider> provider, Pacemaker pacemaker, UserCalls calls)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LockOwner, OwnLease> _all = [];

    /// <summary>Who gives them.</summary>
    public ILoopLockProvider Provider => provider.Value;

    public Pacemaker Pacemaker => pacemaker;

    public UserCalls Calls => calls;

    public bool MayHold(LockOwner owner)
    {
        lock (_gate)
            return _all.ContainsKey(owner);
    }

    /// <summary>The lock was given, so that an earlier lease of the same owner has ended, however its release went.</summary>
    public void Add(LockOwner owner, OwnLease lease)
    {
        lock (_gate)
            _all[owner] = lease;
    }

    public void Remove(LockOwner owner, OwnLease lease)
    {
        lock (_gate)
        {
            if (_all.GetValueOrDefault(owner) == lease)
                _all.Remove(owner);
        }
    }

    /// <summary>The host has stopped: what is only held for its rest is given back.</summary>
    public Task ReleaseRestingAsync()
    {
        OwnLease[] all;
        lock (_gate)
            all = [.. _all.Values];
        return Task.WhenAll(all.Where(lease => lease.Rests).Select(lease => lease.ReleaseAsync()));
    }
}
