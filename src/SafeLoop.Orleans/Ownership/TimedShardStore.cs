namespace SafeLoop;

/// <summary>A shard store whose calls have a time limit, also when the store ignores its cancellation token.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="limit">The time limit of a call.</param>
internal sealed class TimedShardStore(IShardStore store, TimeProvider time, TimeSpan limit) : IShardStore
{
    public ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken) =>
        CallAsync(nameof(JoinAsync), token => store.JoinAsync(join, token), cancellationToken);

    public ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken) =>
        CallAsync(nameof(RenewAsync), token => store.RenewAsync(renewal, token), cancellationToken);

    public async ValueTask LeaveAsync(long lease, CancellationToken cancellationToken) =>
        await CallAsync(
            nameof(LeaveAsync),
            async token =>
            {
                await store.LeaveAsync(lease, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<StoredShard>> ReadAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellationToken) =>
        CallAsync(nameof(ReadAsync), token => store.ReadAsync(shards, token), cancellationToken);

    public ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken) =>
        CallAsync(nameof(ReadOwnersAsync), token => store.ReadOwnersAsync(task, token), cancellationToken);

    public ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken) =>
        CallAsync(nameof(TakeAsync), token => store.TakeAsync(lease, shards, token), cancellationToken);

    public ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        CallAsync(nameof(GiveAsync), token => store.GiveAsync(lease, shards, token), cancellationToken);

    public ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        CallAsync(nameof(SaveAsync), token => store.SaveAsync(lease, shards, token), cancellationToken);

    private async ValueTask<T> CallAsync<T>(
        string method, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await call(either.Token).AsTask().WaitOrGiveUpAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The shard store has not answered {method} within {limit}.", error);
        }
    }
}
