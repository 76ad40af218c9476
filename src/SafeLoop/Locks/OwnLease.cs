namespace SafeLoop;

/// <summary>A lease of this process, with its release: at once, or after its minimum time.</summary>
internal sealed class OwnLease : Alarm
{
    private readonly ILoopLease _lease;
    private readonly OwnLocks _all;
    private readonly LockOwner _owner;
    private readonly object _subject;
    private readonly Action<FaultKind, string, Exception?> _fault;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHeldForMinimumTime;
    private volatile bool _isLost;
    private int _isReleasing;

    public OwnLease(ILoopLease lease, OwnLocks all, LockOwner owner, object subject, Action<FaultKind, string, Exception?> fault)
    {
        (_lease, _all, _owner, _subject, _fault) = (lease, all, owner, subject, fault);
        all.Add(owner, this);
    }

    /// <summary>
    /// True when no iteration uses the lease any more, and it is held only until its minimum time has passed.
    /// </summary>
    public bool IsHeldForMinimumTime => _isHeldForMinimumTime;

    /// <summary>The fencing token, once it was read; 0 before.</summary>
    public long FencingToken { get; set; }

    /// <summary>Who holds it; the default: it is lost.</summary>
    public LockHolder ToHolder() => _isLost ? default : LockHolder.Of(_owner.Task, FencingToken, _isHeldForMinimumTime);

    public UserCall Enter(string callee) => _all.Calls.Enter(callee, _subject);

    /// <summary>Marks the lease as lost. A failed release is then not reported.</summary>
    public void MarkLost() => _isLost = true;

    /// <summary>Releases the lease at once, or after a delay in the background. Never throws.</summary>
    public Task ReleaseAfterAsync(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
            return ReleaseAsync();
        _isHeldForMinimumTime = true;
        _all.Pacemaker.Arm(this, _all.Pacemaker.Time.TimestampIn(delay));
        return Task.CompletedTask;
    }

    /// <summary>Releases the lease, once. Never throws.</summary>
    public Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _isReleasing, 1) == 0)
        {
            _all.Pacemaker.Disarm(this);
            _ = DisposeLeaseAsync();
        }
        return _released.Task;
    }

    protected internal override void Ring() => _ = ReleaseAsync();

    private async Task DisposeLeaseAsync()
    {
        try
        {
            await Release().ConfigureAwait(false);
            _all.Remove(_owner, this);
        }
        catch (Exception error) // the work is done; the lease expires by itself
        {
            if (!_isLost)
                _fault(FaultKind.LockNotReleased, "The lock could not be released; it is free when its lease expires.", error);
        }
        _released.SetResult();
    }

    private ValueTask Release()
    {
        using var call = Enter("the release of its lock");
        return _lease.DisposeAsync();
    }
}
