namespace SafeLoop;

/// <summary>Renews one lease while its holder works, and reports the lock as lost before the lease may have expired.</summary>
/// <remarks>
/// <code>
///   acquired ──── 1/3: renew ──── 2/3: renew again ──── 9/10: not proven since → lost ──── expires
/// </code>
/// Times are measured on the monotonic clock from just before the request to the store, so the store's lease never ends before
/// ours. A renewal that throws has an unknown result and is retried. A renewal that hangs or blocks does not delay the report.
/// Code of the provider or the step is called outside the gate.
/// </remarks>
internal sealed class LeaseKeeper : Alarm
{
    // A record this far in the future came from a wrong clock. Respecting it would stop the task silently. The schedule has the
    // same rule.
    private static readonly TimeSpan FarthestRecord = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly ILoopLease _lease;
    private readonly OwnLease _own;
    private readonly TimeSpan _atMostFor;
    private readonly Pacemaker _pacemaker;
    private readonly Action _lost;
    private readonly Action<FaultKind, string, Exception?> _fault;
    private readonly CancellationTokenRegistration _lostRegistration;
    private readonly long _acquired;
    private long _confirmed;
    private long _due;
    private bool _isLost;
    private bool _closed;
    private Renewal? _renewal;
    private TaskCompletionSource? _expiry;

    private LeaseKeeper(
        ILoopLease lease,
        OwnLease own,
        Pacemaker pacemaker,
        long requested,
        Action lost,
        Action<FaultKind, string, Exception?> fault)
    {
        (_lease, _own, _pacemaker, _lost, _fault) = (lease, own, pacemaker, lost, fault);
        _acquired = _confirmed = requested;
        // Read once here, where the caller handles exceptions from the provider's getters.
        (FencingToken, _atMostFor) = (lease.FencingToken, lease.AtMostFor);
        own.FencingToken = FencingToken;
        var lostToken = lease.Lost;
        if (lostToken.CanBeCanceled)
            _lostRegistration = lostToken.UnsafeRegister(static keeper => ((LeaseKeeper)keeper!).NotifyLost(), this);
        ArmNext();
    }

    public long FencingToken { get; }

    private bool Expires => _atMostFor > TimeSpan.Zero;

    private TimeSpan LostAfter => _atMostFor * 0.9;

    /// <param name="locks">The lock provider, and the leases of this process.</param>
    /// <param name="request">The request.</param>
    /// <param name="task">The name of the task.</param>
    /// <param name="subject">The task, or the loop of a key, in reports of calls that do not return.</param>
    /// <param name="lost">Called when the lock is lost; may be called late, and more than once.</param>
    /// <param name="fault">Called with each fault that does not end the loop.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The keeper of the lease; null when another owner holds the lock.</returns>
    public static async ValueTask<LeaseKeeper?> TryAcquireAsync(
        OwnLocks locks,
        LoopLockRequest request,
        string task,
        object subject,
        Action lost,
        Action<FaultKind, string, Exception?> fault,
        CancellationToken cancellationToken)
    {
        var time = locks.Pacemaker.Time;
        var requested = time.GetTimestamp();
        if (await Acquire(locks, request, subject, cancellationToken).ConfigureAwait(false) is not { } lease)
            return null;

        var own = new OwnLease(lease, locks, new(task, request.Name), subject, fault);
        try
        {
            if (lease.AtMostFor > TimeSpan.Zero && time.GetElapsedTime(requested) >= lease.AtMostFor / 3)
                requested = await RenewAfterWaitAsync(lease, time, cancellationToken).ConfigureAwait(false);
            return new LeaseKeeper(lease, own, locks.Pacemaker, requested, lost, fault);
        }
        catch // the lock is held, but the lease cannot be read, so it must be released
        {
            await own.ReleaseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>True when another replica already ran this slot or a later one.</summary>
    public bool HasRun(Instant slot) =>
        _lease.LastSlot is { } last && slot <= last && last - _pacemaker.Time.GetUtcNow() <= FarthestRecord;

    /// <summary>
    /// Stops renewing and releases the lock: at once, or in the background when it must be held longer. Never throws.
    /// </summary>
    /// <param name="atLeastFor">The minimum time for which the lock is held after its acquisition.</param>
    /// <param name="ran">The slot to record as run before the release; null: none.</param>
    /// <remarks>When the provider hangs, waits only until the lease must have expired; the loop then continues.</remarks>
    public async ValueTask ReleaseAsync(TimeSpan atLeastFor, Instant? ran = null)
    {
        _lostRegistration.Unregister();
        lock (_gate)
        {
            _closed = true;
            _pacemaker.Disarm(this);
        }

        var released = RecordAndReleaseAsync(atLeastFor, ran);
        if (!released.IsCompleted)
            await Task.WhenAny(released, ExpiryAsync()).ConfigureAwait(false);
    }

    protected internal override void Ring()
    {
        Action? act;
        lock (_gate)
        {
            if (_pacemaker.Time.GetTimestamp() < _due)
                return; // for a time that was replaced meanwhile
            _due = long.MaxValue;
            act = _closed ? () => _expiry?.TrySetResult() : TakeDueAction();
        }
        act?.Invoke();
    }

    /// <summary>Renews a lease that was waited for, because the time at which it was granted is unknown.</summary>
    private static async Task<long> RenewAfterWaitAsync(ILoopLease lease, TimeProvider time, CancellationToken cancellationToken)
    {
        var requested = time.GetTimestamp();
        var renewal = lease.RenewAsync(cancellationToken).AsTask();
        return await renewal.WaitOrGiveUpAsync(lease.AtMostFor, time, cancellationToken).ConfigureAwait(false)
            ? requested
            : throw new InvalidOperationException("The lock was lost again before the step could start.");
    }

    private static ValueTask<ILoopLease?> Acquire(
        OwnLocks locks, LoopLockRequest request, object subject, CancellationToken cancellationToken)
    {
        using var call = locks.Calls.Enter("its lock provider", subject);
        return locks.Provider.TryAcquireAsync(request, cancellationToken);
    }

    private Action? TakeDueAction()
    {
        if (_isLost)
            return null;
        if (_pacemaker.Time.GetElapsedTime(_confirmed) >= LostAfter)
        {
            _isLost = true;
            return NotifyLost;
        }

        ArmNext(); // before the renewal: a renewal that hangs or blocks must not delay the report of a lost lock
        if (_renewal is { } hanging)
            return () => CancelHanging(hanging);
        var renewal = _renewal = new Renewal();
        return () => _ = RenewAsync(renewal);
    }

    private void NotifyLost()
    {
        _own.MarkLost();
        _lost();
    }

    private async Task RenewAsync(Renewal renewal)
    {
        var requested = _pacemaker.Time.GetTimestamp();
        try
        {
            var renewed = await Renew(renewal).ConfigureAwait(false);
            lock (_gate)
            {
                _isLost |= !renewed;
                if (renewed && !_isLost && !_closed)
                {
                    _confirmed = requested;
                    ArmNext();
                }
            }
            if (!renewed)
                NotifyLost();
        }
        catch (Exception error) // the result is unknown; retry until the lease may have expired
        {
            const string Text = "The lock could not be renewed; trying again while the lease is still ours.";
            if (!renewal.Cancellation.IsCancellationRequested)
                _fault(FaultKind.LockNotRenewed, Text, error);
        }

        Renewal? next;
        lock (_gate)
            _renewal = next = renewal.Cancellation.IsCancellationRequested && !_closed && !_isLost ? new Renewal() : null;
        renewal.SetResult();
        if (next is not null)
            _ = RenewAsync(next);
    }

    private ValueTask<bool> Renew(Renewal renewal)
    {
        using var call = _own.Enter("the renewal of its lock");
        return _lease.RenewAsync(renewal.Cancellation.Token);
    }

    // The connection of the hanging renewal may be dead; a new renewal may use another one.
    private void CancelHanging(Renewal hanging)
    {
        if (hanging.Cancellation.IsCancellationRequested)
            return;
        _fault(
            FaultKind.LockRenewalHung,
            $"A renewal of the lock was not answered within {_atMostFor / 3}; trying again while the lease is still ours.",
            null);
        Cancel(hanging);
    }

    private void Cancel(Renewal renewal)
    {
        try
        {
            renewal.Cancellation.Cancel();
        }
        catch (AggregateException error) // thrown by callbacks that the provider registered
        {
            _fault(FaultKind.LockCallbackThrew, "A callback on the cancellation token of the lock's renewal threw.", error);
        }
    }

    private void ArmNext()
    {
        if (!Expires)
            return;
        var elapsed = _pacemaker.Time.GetElapsedTime(_confirmed);
        var third = _atMostFor / 3;
        var next = third * (1 + Math.Floor(elapsed / third));
        Arm((next < LostAfter ? next : LostAfter) - elapsed);
    }

    /// <returns>A task that ends when the lock is released, or only waits for the end of its minimum time.</returns>
    private async Task RecordAndReleaseAsync(TimeSpan atLeastFor, Instant? ran)
    {
        Renewal? renewal;
        lock (_gate)
            renewal = _renewal;
        if (renewal is not null)
        {
            Cancel(renewal);
            await renewal.Task.ConfigureAwait(false); // providers need not support a renewal and a release at the same time
        }

        if (ran is { } slot)
            await RecordAsync(slot).ConfigureAwait(false);
        await _own.ReleaseAfterAsync(atLeastFor - _pacemaker.Time.GetElapsedTime(_acquired)).ConfigureAwait(false);
    }

    private async Task RecordAsync(Instant slot)
    {
        try
        {
            if (!await Record(slot).ConfigureAwait(false))
                _fault(
                    FaultKind.SlotRecordRejected,
                    "The slot could not be recorded as run: the lock already has a later holder, which may run it again.",
                    null);
        }
        catch (Exception error) // the work is done; another replica may repeat it, which a data store with fencing handles
        {
            _fault(FaultKind.SlotNotRecorded, "The slot could not be recorded as run; another replica may run it again.", error);
        }
    }

    private ValueTask<bool> Record(Instant slot)
    {
        using var call = _own.Enter("its lock's record of slots");
        return _lease.RecordAsync(slot.ToDateTimeOffset(), CancellationToken.None);
    }

    /// <summary>Returns a task that ends when the lease must have expired; never, when it does not expire.</summary>
    private Task ExpiryAsync()
    {
        lock (_gate)
        {
            _expiry = new TaskCompletionSource();
            if (Expires)
                Arm(_atMostFor - _pacemaker.Time.GetElapsedTime(_confirmed));
            return _expiry.Task;
        }
    }

    private void Arm(TimeSpan delay)
    {
        _due = _pacemaker.Time.TimestampIn(delay);
        _pacemaker.Arm(this, _due);
    }

    private sealed class Renewal : TaskCompletionSource
    {
        public CancellationTokenSource Cancellation { get; } = new();
    }
}
