namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A second lock provider, as an author elsewhere would write it, sound or with one defect.</summary>
internal sealed class SimpleLocks(TimeProvider time, Defect defect)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held =
        new(defect is Defect.CapitalsDoNotMatter ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private long _fence;
    private volatile bool _isClosed;

    private sealed record Held(Lease Owner, int Client)
    {
        public long Until { get; set; }
    }

    public ILoopLockProvider Of(int client) => new Provider(this, client);

    /// <summary>Ends requests that wait for a lock that is never released. They would keep a thread of the pool busy.</summary>
    public void Close() => _isClosed = true;

    private Lease? TryTake(LoopLockRequest request, int client)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(request.Name, out var held) && defect is not Defect.TwoHolders
                && !(defect is Defect.Reentrant && held.Client == client))
            {
                if (defect is Defect.NeverExpires || time.GetTimestamp() < held.Until)
                    return null;
                if (defect is Defect.FenceBeginsAnewAfterLoss)
                    _fence = 0;
            }
            var fence = defect is Defect.FenceRepeats ? ++_fence / 2 + 1 : ++_fence;
            var lease = new Lease(this, request.Name, fence, request.AtMostFor ?? Timeout.InfiniteTimeSpan);
            _held[request.Name] = new Held(lease, client) { Until = Deadline(lease) };
            return lease;
        }
    }

    private long Deadline(Lease lease) => time.GetTimestamp() + lease.Length.Ticks;

    private bool Renew(Lease lease)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(lease.Name, out var held))
                return defect is Defect.RenewsWhatWasReleased;
            if (held.Owner != lease && defect is not Defect.RenewsWithoutAskingWho)
                return false;
            if (defect is not Defect.RenewalExtendsNothing)
                held.Until = Deadline(lease);
            return true;
        }
    }

    private void Release(Lease lease)
    {
        lock (_gate)
        {
            if (defect is not Defect.NotReleased && _held.TryGetValue(lease.Name, out var held)
                && (held.Owner == lease || defect is Defect.ReleasesWithoutAskingWho))
                _held.Remove(lease.Name);
        }
    }

    private sealed class Provider(SimpleLocks locks, int client) : ILoopLockProvider
    {
        public bool HasFencing => !locks.DeniesFencing;

        public async ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
        {
            while (true)
            {
                if (!locks.IsCarefree)
                    cancellationToken.ThrowIfCancellationRequested();
                if (locks.TryTake(request, client) is { } lease)
                    return lease;
                if (!request.Wait || locks.IsHasty || locks._isClosed)
                    return null;
                await Task.Yield(); // a store without a queue: it asks again
            }
        }
    }

    private bool DeniesFencing => defect is Defect.DeniesItsFencing;

    private bool IsCarefree => defect is Defect.WaitsThoughCancelled;

    private bool IsHasty => defect is Defect.DoesNotWait;

    private sealed class Lease(SimpleLocks locks, string name, long fence, TimeSpan length) : ILoopLease
    {
        public string Name => name;

        public TimeSpan Length => length;

        public long FencingToken => fence;

        public TimeSpan AtMostFor => locks.IsWrongAboutLength ? length * 2 : length;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => new(locks.Renew(this));

        public ValueTask DisposeAsync()
        {
            locks.Release(this);
            return ValueTask.CompletedTask;
        }
    }

    private bool IsWrongAboutLength => defect is Defect.SaysAnotherLength;
}
