namespace SafeLoop;

/// <summary>Keeps one lease alive while its holder works, and tells the holder before it can have expired unproven.</summary>
/// <remarks>
/// <code>
///   acquired ──── 1/3: renew ──── 2/3: renew again ──── 9/10: not proven since → lost ──── expires
/// </code>
/// All times are measured on the monotonic clock from just before the store was asked, so the store's lease never ends before ours.
/// A renewal that throws proves nothing either way and is tried again; one that hangs or blocks does not delay the verdict. Whatever is
/// the provider's or the step's code is called outside the gate.
/// </remarks>
internal sealed class LeaseKeeper : Alarm
{
    // A record this far ahead was made by a clock that was plainly wrong: obeying it would be silence. The schedule has the same rule.
    private static readonly TimeSpan FarthestRecord = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly ILoopLease _lease;
    private readonly TimeSpan _atMostFor;
    private readonly Pacemaker _pacemaker;
    private readonly Action _lost;
    private readonly Action<string, Exception?> _fault;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenRegistration _lostRegistration;
    private readonly long _acquired;
    private long _proven;
    private long _due;
    private bool _isLost;
    private bool _closed;
    private Action? _afterwards;
    private TaskCompletionSource? _renewal;

    private LeaseKeeper(ILoopLease lease, Pacemaker pacemaker, long asked, Action lost, Action<string, Exception?> fault)
    {
        (_lease, _pacemaker, _acquired, _proven, _lost, _fault) = (lease, pacemaker, asked, asked, lost, fault);
        (FencingToken, _atMostFor) = (lease.FencingToken, lease.AtMostFor); // read once: later nobody is there to catch what they throw
        var lostToken = lease.Lost;
        if (lostToken.CanBeCanceled)
            _lostRegistration = lostToken.UnsafeRegister(static lost => ((Action)lost!)(), lost);
        ArmNext();
    }

    public long FencingToken { get; }

    private bool Expires => _atMostFor > TimeSpan.Zero;

    private TimeSpan GiveUpAfter => _atMostFor * 0.9;

    /// <param name="locks">Who is asked.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="pacemaker">Whose clock it is measured on.</param>
    /// <param name="lost">Told when the lock is lost; may be called late, and more than once.</param>
    /// <param name="fault">Told what went wrong and was survived.</param>
    /// <param name="cancellationToken">Gives up the attempt.</param>
    /// <returns>Null when somebody else holds the lock.</returns>
    public static async ValueTask<LeaseKeeper?> TryAcquireAsync(
        ILoopLockProvider locks, LoopLockRequest request, Pacemaker pacemaker, Action lost, Action<string, Exception?> fault, CancellationToken cancellationToken)
    {
        var asked = pacemaker.Time.GetTimestamp();
        if (await locks.TryAcquireAsync(request, cancellationToken).ConfigureAwait(false) is not { } lease)
            return null;

        // The lease of one who waited began when it was given, which was after it was asked for.
        if (request.Wait)
            asked = pacemaker.Time.GetTimestamp();
        try
        {
            return new LeaseKeeper(lease, pacemaker, asked, lost, fault);
        }
        catch // a lease that cannot be read cannot be kept, but it is held
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Another replica has run this slot, or a later one, already.</summary>
    public bool HasRun(Instant slot) =>
        _lease.LastSlot is { } last && slot <= last && last - _pacemaker.Time.GetUtcNow() <= FarthestRecord;

    /// <summary>Stops renewing and gives the lock back, at once or, where it is to be held longer, later and in the background. Never throws.</summary>
    /// <param name="atLeastFor">How long it is to be held since it was acquired.</param>
    /// <param name="ran">The slot that has run, to be recorded first; null: none.</param>
    /// <remarks>A provider that hangs is waited for until the lease must have expired, and no longer: the loop goes on.</remarks>
    public async ValueTask ReleaseAsync(TimeSpan atLeastFor, Instant? ran = null)
    {
        _lostRegistration.Unregister();
        lock (_gate)
        {
            _closed = true;
            _pacemaker.Disarm(this);
        }

        var released = ReleaseLeaseAsync(atLeastFor, ran);
        if (!released.IsCompleted)
            await Task.WhenAny(released, ExpiryAsync()).ConfigureAwait(false);
    }

    protected internal override void Ring()
    {
        Action? act;
        lock (_gate)
        {
            if (_pacemaker.Time.GetTimestamp() < _due)
                return; // meant for what was due before
            _due = long.MaxValue;
            act = _closed ? _afterwards : WhatIsDue();
        }
        act?.Invoke();
    }

    private Action? WhatIsDue()
    {
        if (_isLost)
            return null;
        if (_pacemaker.Time.GetElapsedTime(_proven) >= GiveUpAfter)
        {
            _isLost = true;
            return _lost;
        }

        ArmNext(); // before the renewal: one that hangs or blocks must not keep us from giving up in time
        if (_renewal is { Task.IsCompleted: false })
            return null;
        var renewal = _renewal = new TaskCompletionSource();
        return () => _ = RenewAsync(renewal);
    }

    private async Task RenewAsync(TaskCompletionSource renewal)
    {
        var asked = _pacemaker.Time.GetTimestamp();
        try
        {
            var renewed = await _lease.RenewAsync(_closing.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _isLost |= !renewed;
                if (renewed && !_isLost && !_closed)
                {
                    _proven = asked;
                    ArmNext();
                }
            }
            if (!renewed)
                _lost();
        }
        catch (Exception error) // unknown is not lost: try again until the lease can no longer be proven
        {
            if (!_closing.IsCancellationRequested)
                _fault("The lock could not be renewed; trying again while the lease is still ours.", error);
        }
        renewal.SetResult();
    }

    private void ArmNext()
    {
        if (!Expires)
            return;
        var elapsed = _pacemaker.Time.GetElapsedTime(_proven);
        var third = _atMostFor / 3;
        var next = third * (1 + Math.Floor(elapsed / third));
        Arm((next < GiveUpAfter ? next : GiveUpAfter) - elapsed);
    }

    private async Task ReleaseLeaseAsync(TimeSpan atLeastFor, Instant? ran)
    {
        if (_renewal is { Task.IsCompleted: false } renewal)
        {
            CancelRenewal();
            await renewal.Task.ConfigureAwait(false); // renewal and release at the same time would be too much to ask of a provider
        }

        if (ran is { } slot)
            await RecordAsync(slot).ConfigureAwait(false);

        var rest = atLeastFor - _pacemaker.Time.GetElapsedTime(_acquired);
        if (rest > TimeSpan.Zero)
            After(rest, () => _ = DisposeLeaseAsync());
        else
            await DisposeLeaseAsync().ConfigureAwait(false);
    }

    private async Task RecordAsync(Instant slot)
    {
        try
        {
            if (!await _lease.RecordAsync(slot.ToDateTimeOffset(), CancellationToken.None).ConfigureAwait(false))
                _fault("The slot could not be recorded as run: the lock already has a later holder, which may run it again.", null);
        }
        catch (Exception error) // the work is done; another replica may do it again, which is what a fenced store is for
        {
            _fault("The slot could not be recorded as run; another replica may run it again.", error);
        }
    }

    private void CancelRenewal()
    {
        try
        {
            _closing.Cancel();
        }
        catch (AggregateException error) // thrown by callbacks the provider has registered
        {
            _fault("A callback on the cancellation token of the lock's renewal threw.", error);
        }
    }

    /// <summary>Ends when the lease must have expired. Never, when it does not expire.</summary>
    private Task ExpiryAsync()
    {
        var expiry = new TaskCompletionSource();
        var rest = _atMostFor - _pacemaker.Time.GetElapsedTime(_proven);
        lock (_gate)
        {
            if (Expires && _afterwards is null) // else the release has come as far as the rest the lock is to be held, which must not be forgotten
                After(rest, expiry.SetResult);
        }
        return expiry.Task;
    }

    private void After(TimeSpan delay, Action act)
    {
        lock (_gate)
        {
            _afterwards = act;
            Arm(delay);
        }
    }

    private void Arm(TimeSpan delay)
    {
        _due = _pacemaker.Time.TimestampIn(delay);
        _pacemaker.Arm(this, _due);
    }

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
