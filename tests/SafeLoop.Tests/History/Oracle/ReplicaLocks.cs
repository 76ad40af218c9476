namespace SafeLoop.Tests.History.Oracle;

/// <summary>One lock for all replicas, which is free or held.</summary>
internal sealed class ReplicaLocks : ILoopLockProvider
{
    private long _fence;
    private bool _isHeld;

    /// <summary>The token of a holder elsewhere; null: there is none.</summary>
    public long? HeldElsewhere { get; set; }

    public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
    {
        if (HeldElsewhere is { } token)
            request.OnHeld?.Invoke(token);
        if (_isHeld || HeldElsewhere is not null)
            return new((ILoopLease?)null);
        _isHeld = true;
        return new(new Lease(this, ++_fence));
    }

    private sealed class Lease(ReplicaLocks locks, long fence) : ILoopLease
    {
        public long FencingToken => fence;

        public TimeSpan AtMostFor => Timeout.InfiniteTimeSpan;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => new(true);

        public ValueTask DisposeAsync()
        {
            locks._isHeld = false;
            return ValueTask.CompletedTask;
        }
    }
}
