namespace SafeLoop.Locks.Tests.Shards;

/// <summary>Short calls of a host, for tests of one store.</summary>
internal sealed class ShardHost(IShardStore store, long lease)
{
    public static readonly ShardId Shard = new("task", 0);

    public long Lease => lease;

    public static async Task<ShardHost> JoinAsync(IShardStore store, TimeSpan length, string name = "host") =>
        new(store, (await TryJoinAsync(store, length, name)).Lease);

    public static ValueTask<ShardJoinResult> TryJoinAsync(IShardStore store, TimeSpan length, string name = "host") =>
        store.JoinAsync(new() { Cluster = "c", ShardCount = 8, Name = name, Details = "", Length = length }, default);

    public async Task<bool> RenewAsync(byte[]? progress = null) =>
        await store.RenewAsync(new() { Lease = lease, Progress = progress }, default) is not null;

    /// <returns>The new epoch; null: refused.</returns>
    public async Task<long?> TakeAsync(long epoch) =>
        await store.TakeAsync(lease, [new() { Id = Shard, Epoch = epoch }], default) is [var taken] ? taken.Epoch : null;

    public async Task<StoredShard?> ReadAsync() => (await store.ReadAsync([Shard], default)).SingleOrDefault();

    public async Task<bool> GiveAsync(long epoch) =>
        await store.GiveAsync(lease, [new() { Id = Shard, Epoch = epoch }], default) is [_];
}
