using Medallion.Threading;

namespace SafeLoop.Locks.Tests;

/// <summary>A back-end that does what a test says, and counts what it was asked.</summary>
internal sealed class FakeLocks : IDistributedLockProvider
{
    public Func<CancellationToken, ValueTask<bool>> Acquire { get; set; } = _ => new(true);

    public Func<ValueTask> Release { get; set; } = () => default;

    public CancellationTokenSource Lost { get; } = new();

    public Action Watch { get; set; } = () => { };

    /// <summary>For how long the last attempt was to wait.</summary>
    public TimeSpan Timeout { get; private set; }

    public int Watched { get; private set; }

    public int Released { get; private set; }

    public IDistributedLock CreateLock(string name) => new Named(this, name);

    private sealed class Named(FakeLocks locks, string name) : IDistributedLock
    {
        public string Name => name;

        public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(
            TimeSpan timeout = default, CancellationToken cancellationToken = default)
        {
            locks.Timeout = timeout;
            return await locks.Acquire(cancellationToken) ? new Handle(locks) : null;
        }

        public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IDistributedSynchronizationHandle Acquire(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IDistributedSynchronizationHandle? TryAcquire(
            TimeSpan timeout = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class Handle(FakeLocks locks) : IDistributedSynchronizationHandle
    {
        public CancellationToken HandleLostToken
        {
            get
            {
                locks.Watched++;
                locks.Watch();
                return locks.Lost.Token;
            }
        }

        public void Dispose() => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            locks.Released++;
            return locks.Release();
        }
    }
}
