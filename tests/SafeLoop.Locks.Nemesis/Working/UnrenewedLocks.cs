using SafeLoop;

namespace Nemesis.Working;

/// <summary>Broken on purpose: leases that cannot be renewed. The checker must find out.</summary>
internal sealed class UnrenewedLocks(ILoopLockProvider locks) : ILoopLockProvider
{
    public bool HasFencing => locks.HasFencing;

    public async ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken) =>
        await locks.TryAcquireAsync(request, cancellationToken) is { } lease ? new Unrenewed(lease) : null;

    private sealed class Unrenewed(ILoopLease lease) : ILoopLease
    {
        public long FencingToken => lease.FencingToken;

        public TimeSpan AtMostFor => lease.AtMostFor;

        public CancellationToken Lost => lease.Lost;

        public DateTimeOffset? LastSlot => lease.LastSlot;

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException("Renewal is off.");

        public ValueTask<bool> RecordAsync(DateTimeOffset slot, CancellationToken cancellationToken) =>
            lease.RecordAsync(slot, cancellationToken);

        public ValueTask DisposeAsync() => lease.DisposeAsync();
    }
}
