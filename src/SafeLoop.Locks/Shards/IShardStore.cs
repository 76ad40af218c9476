namespace SafeLoop;

/// <summary>
/// Stores which host of a cluster owns which shard. Each change is a compare-and-swap on the clock of the server.
/// </summary>
/// <remarks>
/// <code>
///   JoinAsync ──► a lease ──► RenewAsync, at each third of its length ──► LeaveAsync
///                               TakeAsync: a shard that no live lease owns; its epoch grows
///                               GiveAsync: a shard, with the state of its loops, for any host
///
///   epoch   1 ─── owner A ─── 2 ─── owner B ─── 3 …      a lease that has expired is never renewed
/// </code>
/// <para>
/// A store that may have lost changes must let no host run what another host still runs. It may have lost them when it knows
/// nothing of the cluster yet, was restored from a backup, has failed over to a replica, or was restarted without durable
/// writes. All its leases then end, and no shard is taken before the longest lease has passed since it has noticed.
/// </para>
/// <para>
/// No method waits for another host. <see cref="PostgresShardStore"/> and <see cref="RedisShardStore"/> are two stores. For
/// another one, run the contract of SafeLoop.Testing.Contracts.
/// </para>
/// <para>Bytes and watermarks are stored exactly. What is empty and what is null are different.</para>
/// <para>Called from many threads at once. An exception means that it is unknown whether the store has made the change.</para>
/// </remarks>
public interface IShardStore
{
    /// <summary>Creates a lease for a host that joins the cluster.</summary>
    /// <param name="join">The host and its cluster.</param>
    /// <param name="cancellationToken">Cancels the attempt. A lease that was created nevertheless expires.</param>
    /// <returns>
    /// The lease, or why there is none: another cluster has live leases in this store, or the keys of the stored shards are
    /// divided by another count.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The length of the lease or the number of shards is not positive.</exception>
    ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken);

    /// <summary>Renews a lease, stores how far its shards have come, and reads the members.</summary>
    /// <param name="renewal">The lease, and what to store with it.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The hosts whose leases are live, this one among them; null: the lease has expired or has ended.</returns>
    ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken);

    /// <summary>Ends a lease, so that other hosts can take at once what it still owns. No shard may be open here.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    ValueTask LeaveAsync(long lease, CancellationToken cancellationToken);

    /// <summary>Reads shards with the state that is stored for them.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>One for each of <paramref name="shards"/> that was ever taken, in any order.</returns>
    ValueTask<IReadOnlyList<StoredShard>> ReadAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellationToken);

    /// <summary>Reads who owns the shards, without their state.</summary>
    /// <param name="task">The name of a task; null: of all tasks.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>One for each shard that was ever taken, ordered by task and index.</returns>
    ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken);

    /// <summary>
    /// Takes shards whose epoch is the expected one and that no live lease of another host owns. Each gets an epoch greater than
    /// all before.
    /// </summary>
    /// <param name="lease">The lease of the new owner.</param>
    /// <param name="shards">The shards, each at most once.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>
    /// The shards that were taken. None when the lease is not live, or while <see cref="ShardJoinResult.Wait"/> has not passed.
    /// </returns>
    /// <exception cref="ArgumentException">A shard is named twice.</exception>
    ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken);

    /// <summary>Gives shards away with the state of their loops. Refused where the epoch or the owner is another one.</summary>
    /// <param name="lease">
    /// The lease of their owner. It need not be live: nothing has changed while no other host has taken them.
    /// </param>
    /// <param name="shards">The shards, each at most once. None of their loops may run any more.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The shards that were given away.</returns>
    /// <exception cref="ArgumentException">A shard is named twice.</exception>
    ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken);

    /// <summary>
    /// Stores <see cref="ShardState.Exceptions"/> of shards that their owner keeps. Refused where the epoch or the owner is
    /// another one.
    /// </summary>
    /// <param name="lease">The lease of their owner.</param>
    /// <param name="shards">The shards, each at most once. Other state is ignored.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The shards for which it was stored.</returns>
    /// <exception cref="ArgumentException">A shard is named twice.</exception>
    ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken);
}
