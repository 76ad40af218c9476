namespace SafeLoop;

/// <summary>A lease this process was given, and its way back: at once, or when it has been held as long as it is to be.</summary>
internal sealed class OwnLease : Alarm
{
    private readonly ILoopLease _lease;
    private readonly OwnLocks _all;
    private readonly LockOwner _owner;
    private readonly object _subject;
    private readonly Action<string, Exception?> _fault;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _rests;
    private volatile bool _isLost;
    private int _isAsked;

    public OwnLease(ILoopLease lease, OwnLocks all, LockOwner owner, object subject, Action<string, Exception?> fault)
    {
        (_lease, _all, _owner, _subject, _fault) = (lease, all, owner, subject, fault);
        all.Add(owner, this);
    }

    /// <summary>Nobody works under it any more; it is only held for the rest of its time.</summary>
    public bool Rests => _rests;

    public UserCall Enter(string callee) => _all.Calls.Enter(callee, _subject);

    /// <summary>It was lost, so that a release which fails is no news.</summary>
    public void Lose() => _isLost = true;

    /// <summary>Gives it back at once, or after a rest and in the background. Never throws.</summary>
    public Task ReleaseAfterAsync(TimeSpan rest)
    {
        if (rest <= TimeSpan.Zero)
            return ReleaseAsync();
        _rests = true;
        _all.Pacemaker.Arm(this, _all.Pacemaker.Time.TimestampIn(rest));
        return Task.CompletedTask;
    }

    /// <summary>Gives it back, once. Never throws.</summary>
    public Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            _all.Pacemaker.Disarm(this);
            _ = GiveBackAsync();
        }
        return _released.Task;
    }

    protected internal override void Ring() => _ = ReleaseAsync();

    private async Task GiveBackAsync()
    {
        try
        {
            await Release().ConfigureAwait(false);
            _all.Remove(_owner, this);
        }
        catch (Exception error) // the work is done; the lease will expire by itself
        {
            if (!_isLost)
                _fault("The lock could not be released; it is free when its lease expires.", error);
        }
        _released.SetResult();
    }

    private ValueTask Release()
    {
        using var call = Enter("the release of its lock");
        return _lease.DisposeAsync();
    }
}
