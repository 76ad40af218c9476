using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

/// <summary>
/// The locks of one client, with names of this test's own, in virtual time; knows its leases, so that a test can
/// wait until the expired ones were given back.
/// </summary>
internal sealed class TestedLocks(LockClient client, string prefix, TimeProvider time) : ILoopLockProvider
{
    private readonly DistributedLocks _locks = new(client.Locks, client.Fences, time);
    private readonly List<DistributedLease> _leases = [];

    public bool HasFencing => _locks.HasFencing;

    public async ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
    {
        var lease = await _locks.TryAcquireAsync(request with { Name = prefix + request.Name }, cancellationToken)
            .ConfigureAwait(false);
        if (lease is DistributedLease given)
        {
            lock (_leases)
                _leases.Add(given);
        }
        return lease;
    }

    public void SeeExpiredLeasesGivenBack()
    {
        Task[] ended;
        lock (_leases)
            ended = [.. _leases.Select(lease => lease.Ended).OfType<Task>()];
        ThreadedLoopHost.Wait(Task.WhenAll(ended));
    }
}
