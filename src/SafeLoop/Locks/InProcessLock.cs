namespace SafeLoop;

/// <summary>
/// One named lock: its holder, the lease's deadline, and the queue of waiters. All access is under the provider's gate.
/// </summary>
internal sealed class InProcessLock(InProcessLockProvider provider, string name) : Alarm
{
    private readonly LinkedList<Waiter> _waiters = [];
    private InProcessLease? _holder;

    /// <summary>True when the lock can be acquired now: it is not held, and no earlier waiter is queued.</summary>
    public bool IsFree => IsReleased && _waiters.Count == 0;

    private bool IsReleased => _holder is null || _holder.HasExpired;

    public ILoopLease Grant(LoopLockRequest request)
    {
        _holder?.MarkLost();
        return _holder = new InProcessLease(
            this, provider.NextFence(), request.AtMostFor ?? Timeout.InfiniteTimeSpan, provider.Time);
    }

    public Task<ILoopLease?> Enqueue(LoopLockRequest request, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(request);
        var node = _waiters.AddLast(waiter);
        waiter.Cancellation = cancellationToken.UnsafeRegister(_ => CancelWait(node, cancellationToken), null);
        WatchExpiry();
        return waiter.Task;
    }

    public bool Renew(InProcessLease lease)
    {
        lock (provider.Gate)
        {
            if (_holder != lease)
                return false;
            lease.Extend();
            WatchExpiry();
            return true;
        }
    }

    /// <summary>Releases the lock. Does nothing when the lease is no longer the holder.</summary>
    public void Release(InProcessLease lease)
    {
        lock (provider.Gate)
        {
            if (_holder != lease)
                return;
            _holder = null;
            GrantToNext();
        }
    }

    /// <summary>Called when the holder's lease may have expired while others wait.</summary>
    protected internal override void Ring()
    {
        lock (provider.Gate)
        {
            if (_waiters.Count == 0)
                return;
            if (IsReleased)
                GrantToNext();
            else
                WatchExpiry();
        }
    }

    private void GrantToNext()
    {
        while (_waiters.First is { } first)
        {
            _waiters.RemoveFirst();
            first.Value.Cancellation.Unregister();
            var lease = Grant(first.Value.Request);
            if (first.Value.TrySetResult(lease))
            {
                WatchExpiry();
                return;
            }
            _holder = null; // the waiter was cancelled at the same time
        }

        if (_holder is null)
        {
            provider.Pacemaker.Disarm(this);
            provider.Remove(name);
        }
    }

    private void CancelWait(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (provider.Gate)
        {
            if (node.List is not null)
                _waiters.Remove(node);
        }
        node.Value.TrySetCanceled(cancellationToken);
    }

    private void WatchExpiry()
    {
        if (_waiters.Count > 0 && _holder is { AtMostFor.Ticks: > 0 } holder)
            provider.Pacemaker.Arm(this, holder.Deadline);
    }

    private sealed class Waiter(LoopLockRequest request)
        : TaskCompletionSource<ILoopLease?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public LoopLockRequest Request => request;

        public CancellationTokenRegistration Cancellation { get; set; }
    }
}
