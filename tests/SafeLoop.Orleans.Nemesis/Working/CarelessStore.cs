using SafeLoop;

namespace ClusterNemesis.Working;

/// <summary>A store whose answers are not those of the server.</summary>
internal sealed class CarelessStore(IShardStore store, Broken broken) : IShardStore
{
    private IReadOnlyList<ShardMember> _members = [];

    public ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken) =>
        store.JoinAsync(join, cancellationToken);

    public async ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken)
    {
        var members = await store.RenewAsync(renewal, cancellationToken);
        if (broken is not Broken.Lease)
            return members;
        return _members = members ?? _members;
    }

    public ValueTask LeaveAsync(long lease, CancellationToken cancellationToken) => store.LeaveAsync(lease, cancellationToken);

    public async ValueTask<IReadOnlyList<StoredShard>> ReadAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(shards, cancellationToken);
        return broken is Broken.Cas ? [.. found.Select(shard => shard with { Lease = 0, IsOwned = false })] : found;
    }

    public ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken) =>
        store.ReadOwnersAsync(task, cancellationToken);

    public async ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken)
    {
        var taken = await store.TakeAsync(lease, shards, cancellationToken);
        if (broken is not Broken.Cas)
            return taken;
        var ids = taken.Select(shard => shard.Id).ToHashSet();
        return [.. taken, .. shards.Where(shard => !ids.Contains(shard.Id)).Select(s => new TakenShard(s.Id, s.Epoch + 1))];
    }

    public ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        store.GiveAsync(lease, shards, cancellationToken);

    public ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        store.SaveAsync(lease, shards, cancellationToken);
}
