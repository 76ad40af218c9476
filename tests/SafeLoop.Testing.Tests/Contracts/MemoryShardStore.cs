using Flaw = SafeLoop.Testing.Tests.Contracts.ShardStoreDefect;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A store of shards in memory, which can have one defect.</summary>
internal sealed class MemoryShardStore(MemoryShards server, string application) : IShardStore
{
    // What this client has seen when it joined.
    private Dictionary<ShardId, MemoryShard> _seen = [];

    private MemoryCluster Cluster => server.Of(application);

    public ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken) =>
        Run(cancellationToken, () =>
        {
            var isNew = Cluster.Name is null;
            if (isNew)
            {
                (Cluster.Name, Cluster.ShardCount) = (join.Cluster, join.ShardCount);
                Cluster.TakesFrom = server.Now + (server.Has(Flaw.NewStoresTakeAtOnce) ? default : join.Length);
            }
            var hasLive = Cluster.Leases.Values.Any(IsLive);
            var isOther = Cluster.Name != join.Cluster && !server.Has(Flaw.ClustersAreMixed)
                && (hasLive || server.Has(Flaw.ClustersAreForEver));
            var isCount = Cluster.ShardCount == join.ShardCount || server.Has(Flaw.ShardCountIsNotCompared)
                || (!hasLive && server.Has(Flaw.ShardCountIsForgotten));
            if (isOther || !isCount)
                return Answer(0);

            (Cluster.Name, Cluster.ShardCount) = (join.Cluster, join.ShardCount);
            foreach (var (number, _) in Cluster.Leases.Where(lease => !IsLive(lease.Value)).ToArray())
            {
                if (server.Has(Flaw.ProgressGoesWithTheLease))
                    Cluster.Leases[number].Progress = null;
                else if (Cluster.Shards.Values.All(shard => shard.Stored.Lease != number))
                    Cluster.Leases.Remove(number);
            }
            var lease = server.Has(Flaw.LeaseNumbersRepeat)
                ? Cluster.Leases.Where(one => IsLive(one.Value)).Select(one => one.Key).DefaultIfEmpty().Max() + 1
                : Cluster.LastLease + 1;
            Cluster.LastLease = Math.Max(Cluster.LastLease, lease);
            _seen = new(Cluster.Shards);
            Cluster.Leases[lease] = new(join) { Expires = server.Now + join.Length };
            return Answer(lease);
        });

    public ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<ShardMember>?>(cancellationToken, () =>
        {
            if (Cluster.Leases.GetValueOrDefault(renewal.Lease) is not { } lease
                || (!IsLive(lease) && !server.Has(Flaw.ExpiredLeasesAreRenewed)))
            {
                return null;
            }
            if (!server.Has(Flaw.RenewalsAddNothing))
                lease.Expires = server.Now + lease.Join.Length;
            lease.IsLeaving = renewal.IsLeaving && !server.Has(Flaw.LeavingIsNotSeen);
            if (!server.Has(Flaw.ProgressIsForgotten))
                lease.Progress = Stored(renewal.Progress) ?? lease.Progress;
            else
                lease.Progress = renewal.Progress;
            return [.. Cluster.Leases.Where(one => IsLive(one.Value) || server.Has(Flaw.ExpiredMembersAreListed))
                .Select(one => new ShardMember
                {
                    Lease = one.Key,
                    Name = one.Value.Join.Name,
                    Details = one.Key > renewal.KnownUpTo || server.Has(Flaw.KnownDetailsAreRead)
                        ? one.Value.Join.Details : null,
                    IsLeaving = one.Value.IsLeaving,
                    TimeLeft = one.Value.Expires - server.Now,
                })];
        });

    public async ValueTask LeaveAsync(long lease, CancellationToken cancellationToken) => await Run(cancellationToken, () =>
    {
        foreach (var (number, one) in Cluster.Leases)
        {
            if ((number == lease && IsLive(one) && !server.Has(Flaw.LeavingIsIgnored))
                || server.Has(Flaw.LeavingEndsTheLeasesOfAll))
            {
                one.Expires = server.Now;
            }
        }
        return true;
    });

    public ValueTask<IReadOnlyList<StoredShard>> ReadAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<StoredShard>>(
            cancellationToken, () => [.. shards.Where(Cluster.Shards.ContainsKey).Select(id => Read(Cluster.Shards[id]))]);

    public ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<ShardOwner>>(cancellationToken, () =>
        {
            var owners = Cluster.Shards.Values.Where(shard => task is null || shard.Stored.Id.Task == task)
                .Select(shard => shard.Owner with
                {
                    Epoch = shard.Stored.Epoch,
                    Losses = shard.Stored.Losses,
                    IsOwned = IsLive(shard.Stored.Lease),
                });
            return server.Has(Flaw.OwnersAreNotOrdered)
                ? [.. owners]
                : [.. owners.OrderBy(owner => owner.Id.Task, StringComparer.Ordinal).ThenBy(owner => owner.Id.Index)];
        });

    public ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<TakenShard>>(cancellationToken, () =>
        {
            CheckDistinct(shards.Select(shard => shard.Id));
            if (server.Now < Cluster.TakesFrom || !Cluster.Leases.TryGetValue(lease, out var owner)
                || (!IsLive(lease) && !server.Has(Flaw.ExpiredLeasesTake)))
            {
                return [];
            }
            var free = shards.Where(shard => IsFree(lease, shard)).ToArray();
            return free.Length < shards.Count && server.Has(Flaw.OneRefusalRefusesTheBatch)
                ? []
                : [.. free.Select(shard => Take(lease, owner.Join.Name, shard))];
        });

    public ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<ShardId>>(cancellationToken, () =>
        {
            CheckDistinct(shards.Select(shard => shard.Id));
            return [.. shards.Where(state => IsOwner(lease, state, Flaw.AnyHostGives, Flaw.EpochOfAGiftIsNotCompared)
                && (IsLive(lease) || !server.Has(Flaw.ExpiredLeasesGiveNothing))).Select(Give)];
        });

    public ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<ShardId>>(cancellationToken, () =>
        {
            CheckDistinct(shards.Select(shard => shard.Id));
            return [.. shards.Where(state => IsOwner(lease, state, Flaw.AnyHostSaves, null)).Select(state =>
            {
                var shard = Cluster.Shards[state.Id];
                Cluster.Shards[state.Id] = shard with
                {
                    Stored = shard.Stored with { Exceptions = Exceptions(state, shard) },
                };
                return state.Id;
            })];
        });

    private ShardJoinResult Answer(long lease) => new()
    {
        Lease = lease,
        Cluster = Cluster.Name!,
        ShardCount = Cluster.ShardCount,
        Wait = Cluster.TakesFrom > server.Now ? Cluster.TakesFrom - server.Now : default,
    };

    private bool IsFree(long lease, ShardTake take)
    {
        var stored = (server.Has(Flaw.RacesAreNotDecided) ? _seen : Cluster.Shards).GetValueOrDefault(take.Id)?.Stored;
        if (stored is null)
            return take.Epoch == 0;
        var isFree = !IsLive(stored.Lease) || (stored.Lease == lease && !server.Has(Flaw.OwnShardsAreRefused))
            || server.Has(Flaw.LiveOwnersAreRobbed);
        return isFree && (stored.Epoch == take.Epoch || server.Has(Flaw.EpochIsNotCompared));
    }

    private TakenShard Take(long lease, string owner, ShardTake take)
    {
        var before = Cluster.Shards.GetValueOrDefault(take.Id);
        var epoch = (before?.Stored.Epoch ?? 0) + (server.Has(Flaw.EpochsRepeat) && before is not null ? 0 : 1);
        var isOwn = before?.Stored.Lease == lease;
        var isLost = before is not null && before.Stored.Lease != 0 && !server.Has(Flaw.LostOwnersAreForgotten);
        StoredShard stored = new()
        {
            Id = take.Id,
            Epoch = epoch,
            Lease = lease,
            Memory = (take.DropsMemory && !server.Has(Flaw.DroppedMemoryStays)) || server.Has(Flaw.MemoryGoesWithATake)
                ? null : before?.Stored.Memory,
            Exceptions = before?.Stored.Exceptions,
            Watermark = server.Has(Flaw.WatermarkIsForgotten) ? null : take.Watermark,
            Losses = server.Has(Flaw.LossesAreForgotten) ? 0 : take.Losses,
        };
        ShardOwner by = new()
        {
            Id = take.Id,
            Epoch = epoch,
            Owner = owner,
            Since = server.Now,
            Previous = isOwn || !isLost ? before?.Owner.Previous : before!.Owner.Owner,
            WasLost = isOwn ? before!.Owner.WasLost : isLost,
        };
        Cluster.Shards[take.Id] = new(stored, by);
        return new(take.Id, epoch);
    }

    private bool IsOwner(long lease, ShardState state, Flaw anyHost, Flaw? anyEpoch) =>
        Cluster.Shards.GetValueOrDefault(state.Id)?.Stored is { } stored
        && (stored.Lease == lease || server.Has(anyHost))
        && (stored.Epoch == state.Epoch || (anyEpoch is { } defect && server.Has(defect)));

    private ShardId Give(ShardState state)
    {
        var (id, shard) = (state.Id, Cluster.Shards[state.Id]);
        Cluster.Shards[id] = new(
            shard.Stored with
            {
                Lease = server.Has(Flaw.GivenShardsStayOwned) ? shard.Stored.Lease : 0,
                Memory = Stored(state.Memory),
                Watermark = server.Has(Flaw.WatermarksAreRounded)
                    ? state.Watermark?.AddTicks(-(state.Watermark.Value.Ticks % TimeSpan.TicksPerMicrosecond))
                    : state.Watermark,
                Exceptions = Exceptions(state, shard),
                Losses = server.Has(Flaw.LossesAreForgotten) ? 0 : state.Losses,
            },
            shard.Owner with { Owner = null, Previous = shard.Owner.Owner, Since = server.Now, WasLost = false });
        return id;
    }

    private StoredShard Read(MemoryShard shard)
    {
        var stored = shard.Stored;
        var lease = Cluster.Leases.GetValueOrDefault(stored.Lease);
        var isLive = lease is not null && IsLive(lease);
        return stored with
        {
            IsOwned = isLive,
            GoneFor = isLive || lease is null ? default : server.Now - lease.Expires,
            OwnedFor = isLive || lease is null ? default : lease.Expires - shard.Owner.Since,
            Progress = isLive && !server.Has(Flaw.ProgressOfLiveOwnersIsRead) ? null : lease?.Progress,
        };
    }

    private byte[]? Exceptions(ShardState state, MemoryShard shard) =>
        Stored(state.Exceptions) ?? (server.Has(Flaw.MissingExceptionsDelete) ? null : shard.Stored.Exceptions);

    private byte[]? Stored(byte[]? bytes) => bytes is [] && server.Has(Flaw.EmptyIsNothing) ? null : bytes;

    private bool IsLive(MemoryLease lease) => lease.Expires > server.Now;

    private bool IsLive(long lease) => Cluster.Leases.GetValueOrDefault(lease) is { } one && IsLive(one);

    private void CheckDistinct(IEnumerable<ShardId> shards)
    {
        if (!server.Has(Flaw.ShardsAreTakenTwiceInABatch) && shards.GroupBy(id => id).Any(same => same.Count() > 1))
            throw new ArgumentException("A shard is named twice.", nameof(shards));
    }

    private ValueTask<T> Run<T>(CancellationToken cancellationToken, Func<T> action)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Cluster)
            return ValueTask.FromResult(action());
    }
}
