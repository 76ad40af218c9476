namespace SafeLoop;

/// <summary>One name in the book: who holds it, until when, and who waits. Everything happens under the provider's gate.</summary>
internal sealed class InProcessLock(InProcessLockProvider provider, string name) : Alarm
{
    private readonly LinkedList<Waiter> _waiters = [];
    private InProcessLease? _holder;

    /// <summary>Free for whoever asks now: those who wait come first.</summary>
    public bool IsFree => IsReleased && _waiters.Count == 0;

    private bool IsReleased => _holder is null || _holder.HasExpired;

    public ILoopLease Give(LoopLockRequest request)
    {
        _holder?.Lose();
        return _holder = new InProcessLease(this, provider.NextFence(), request.AtMostFor ?? Timeout.InfiniteTimeSpan, provider.Time);
    }

    public Task<ILoopLease?> Queue(LoopLockRequest request, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(request);
        var node = _waiters.AddLast(waiter);
        waiter.Cancellation = cancellationToken.UnsafeRegister(_ => GiveUp(node, cancellationToken), null);
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

    /// <summary>Only the present holder can release: an expired one has nothing left to give back.</summary>
    public void Release(InProcessLease lease)
    {
        lock (provider.Gate)
        {
            if (_holder != lease)
                return;
            _holder = null;
            GiveToNext();
        }
    }

    /// <summary>The holder's lease may have expired while others wait.</summary>
    protected internal override void Ring()
    {
        lock (provider.Gate)
        {
            if (_waiters.Count == 0)
                return;
            if (IsReleased)
                GiveToNext();
            else
                WatchExpiry();
        }
    }

    private void GiveToNext()
    {
        while (_waiters.First is { } first)
        {
            _waiters.RemoveFirst();
            first.Value.Cancellation.Unregister();
            var lease = Give(first.Value.Request);
            if (first.Value.TrySetResult(lease))
            {
                WatchExpiry();
                return;
            }
            _holder = null; // it gave up at this very moment
        }

        if (_holder is null)
        {
            provider.Pacemaker.Disarm(this);
            provider.Forget(name);
        }
    }

    private void GiveUp(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
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

    private sealed class Waiter(LoopLockRequest request) : TaskCompletionSource<ILoopLease?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public LoopLockRequest Request => request;

        public CancellationTokenRegistration Cancellation { get; set; }
    }
}
