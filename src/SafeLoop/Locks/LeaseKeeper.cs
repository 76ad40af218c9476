namespace SafeLoop;

/// <summary>Keeps one lease alive while its holder works, and tells the holder before it can have expired unproven.</summary>
/// <remarks>
/// <code>
///   acquired ──── 1/3: renew ──── 2/3: renew again ──── 9/10: not proven since → lost ──── expires
/// </code>
/// All times are measured on the monotonic clock from just before the store was asked, so the store's lease never ends before ours.
/// A renewal that throws proves nothing either way and is tried again; one that hangs does not delay the verdict.
/// </remarks>
internal sealed class LeaseKeeper : Alarm
{
    private readonly Lock _gate = new();
    private readonly ILoopLease _lease;
    private readonly Pacemaker _pacemaker;
    private readonly Action _lost;
    private readonly Action<string, Exception> _fault;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenRegistration _lostRegistration;
    private readonly long _acquired;
    private long _proven;
    private bool _closed;
    private Task _renewal = Task.CompletedTask;

    private LeaseKeeper(ILoopLease lease, Pacemaker pacemaker, long asked, Action lost, Action<string, Exception> fault)
    {
        (_lease, _pacemaker, _acquired, _proven, _lost, _fault) = (lease, pacemaker, asked, asked, lost, fault);
        if (lease.Lost.CanBeCanceled)
            _lostRegistration = lease.Lost.UnsafeRegister(static keeper => ((LeaseKeeper)keeper!)._lost(), this);
        ArmNext();
    }

    public long FencingToken => _lease.FencingToken;

    private bool Expires => _lease.AtMostFor > TimeSpan.Zero;

    /// <returns>Null when somebody else holds the lock.</returns>
    public static async ValueTask<LeaseKeeper?> TryAcquireAsync(
        ILoopLockProvider locks, LoopLockRequest request, Pacemaker pacemaker, Action lost, Action<string, Exception> fault, CancellationToken cancellationToken)
    {
        var asked = pacemaker.Time.GetTimestamp();
        var lease = await locks.TryAcquireAsync(request, cancellationToken).ConfigureAwait(false);

        // The lease of one who waited began when it was given, which was after it was asked for.
        if (request.Wait)
            asked = pacemaker.Time.GetTimestamp();
        return lease is null ? null : new LeaseKeeper(lease, pacemaker, asked, lost, fault);
    }

    /// <summary>Stops renewing and gives the lock back, at once or, where it is to be held longer, later and in the background. Never throws.</summary>
    public async ValueTask ReleaseAsync(TimeSpan atLeastFor)
    {
        _lostRegistration.Dispose();
        TimeSpan rest;
        lock (_gate)
        {
            _closed = true;
            _pacemaker.Disarm(this);
            rest = atLeastFor - _pacemaker.Time.GetElapsedTime(_acquired);
        }

        _closing.Cancel(); // a renewal under way is not waited for: it may hang
        if (rest > TimeSpan.Zero)
            Arm(rest);
        else
            await DisposeLeaseAsync().ConfigureAwait(false);
    }

    protected internal override void Ring()
    {
        bool closed, isLost;
        lock (_gate)
            (closed, isLost) = (_closed, _pacemaker.Time.GetElapsedTime(_proven) >= GiveUpAfter);

        if (closed)
            _ = DisposeLeaseAsync(); // held at least so long: cannot throw, nobody waits for it
        else if (isLost)
            _lost(); // runs the step's own callbacks, so not under the lock
        else
            Renew();
    }

    private void Renew()
    {
        if (_renewal.IsCompleted)
            _renewal = RenewAsync();
        if (_renewal.IsCompleted)
            return;
        lock (_gate)
        {
            if (!_closed)
                ArmNext(); // a renewal that hangs must not keep us from giving up in time
        }
    }

    private async Task RenewAsync()
    {
        var asked = _pacemaker.Time.GetTimestamp();
        try
        {
            var renewed = await _lease.RenewAsync(_closing.Token).ConfigureAwait(false);
            lock (_gate)
            {
                if (_closed)
                    return;
                if (renewed)
                    _proven = asked;
            }
            if (!renewed)
            {
                _lost();
                return;
            }
        }
        catch (Exception error) // unknown is not lost: try again until the lease can no longer be proven
        {
            if (_closing.IsCancellationRequested)
                return;
            _fault("The lock could not be renewed; trying again while the lease is still ours.", error);
        }

        lock (_gate)
        {
            if (!_closed)
                ArmNext();
        }
    }

    private TimeSpan GiveUpAfter => _lease.AtMostFor * 0.9;

    private void ArmNext()
    {
        if (!Expires)
            return;
        var elapsed = _pacemaker.Time.GetElapsedTime(_proven);
        var third = _lease.AtMostFor / 3;
        var next = third * (1 + Math.Floor(elapsed / third));
        Arm((next < GiveUpAfter ? next : GiveUpAfter) - elapsed);
    }

    private void Arm(TimeSpan delay) =>
        _pacemaker.Arm(this, _pacemaker.Time.GetTimestamp() + (long)Math.Ceiling(delay.TotalSeconds * _pacemaker.Time.TimestampFrequency));

    private async Task DisposeLeaseAsync()
    {
        try
        {
            await _lease.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) // the work is done; the lease will expire by itself
        {
            _fault("The lock could not be released; it is free when its lease expires.", error);
        }
    }
}
