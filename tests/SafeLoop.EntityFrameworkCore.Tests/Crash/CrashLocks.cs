namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The lock server that all replicas share. A lease of a process that was killed is held until it expires.</summary>
internal sealed class CrashLocks(Func<DateTimeOffset> now)
{
    private readonly Lock _gate = new();
    private long _token;
    private DateTimeOffset _until;

    public ILoopLockProvider For(Life life) => new Provider(this, life);

    private long TryAcquire(TimeSpan atMostFor)
    {
        lock (_gate)
        {
            if (_until > now())
                return 0;
            _until = now() + atMostFor;
            return ++_token;
        }
    }

    private bool Extend(long token, TimeSpan by)
    {
        lock (_gate)
        {
            if (token != _token || _until <= now())
                return false;
            _until = now() + by;
            return true;
        }
    }

    private sealed class Provider(CrashLocks locks, Life life) : ILoopLockProvider
    {
        public bool HasFencing => true;

        public ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
        {
            life.Reach(new("lock", PointKind.Before), "the lock");
            var token = locks.TryAcquire(request.AtMostFor ?? CrashTasks.Lease);
            life.Reach(new("lock", PointKind.AfterCommit), "the lock");
            return new(token == 0 ? null : new Lease(locks, life, token, request.AtMostFor ?? CrashTasks.Lease));
        }
    }

    private sealed class Lease(CrashLocks locks, Life life, long token, TimeSpan length) : ILoopLease
    {
        public long FencingToken => token;

        public TimeSpan AtMostFor => length;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) =>
            new(!life.IsDead && locks.Extend(token, length));

        public ValueTask DisposeAsync()
        {
            if (!life.IsDead)
                locks.Extend(token, TimeSpan.Zero);
            return ValueTask.CompletedTask;
        }
    }
}
