namespace SafeLoop;

/// <summary>
/// The shards of this host's tasks that are in a cluster. The coordinator of the cluster opens and closes them here.
/// </summary>
/// <remarks>
/// An application does not need it: the package SafeLoop.Orleans calls it. The loss of a lease needs no call, because the shards
/// notice it themselves.
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public interface IRecurringTaskShards
{
    /// <summary>
    /// The tasks of this host that are in the cluster. Complete once the host is starting: all registered tasks are known when
    /// the <c>StartAsync</c> of a hosted service runs.
    /// </summary>
    IReadOnlyList<ClusterTask> Tasks { get; }

    /// <summary>Creates the lease of this host. It counts from now, so create it before you ask the store for it.</summary>
    /// <param name="length">How long the store keeps it after each renewal; positive.</param>
    /// <returns>A valid lease. It ends by itself unless it is renewed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not positive.</exception>
    ShardLease CreateLease(TimeSpan length);

    /// <summary>Opens a shard, whose loops run on this host from now on.</summary>
    /// <param name="opening">The shard, and where its loops go on.</param>
    /// <param name="cancellationToken">
    /// Cancels the wait for a shard of the same index that is still being emptied. Later it has no effect.
    /// </param>
    /// <returns>Completes when the loops that were handed over have been added. Keys of a source are read afterwards.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="opening"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The epoch is not positive, there is no such task in the cluster, or it is divided into another number of shards, some of
    /// which are open.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The shard is open, its lease has ended, also while it was opened, or the host stops. The shard is then not open.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled. The shard is not open.</exception>
    /// <remarks>
    /// Memory or exceptions that cannot be read, such as those of a newer version, are reported as a warning. The loops then go
    /// on from the watermark. The text of keys, their schedules and observers are called on a thread of the pool.
    /// </remarks>
    Task OpenAsync(ShardOpening opening, CancellationToken cancellationToken);

    /// <summary>Closes a shard: no iteration starts any more, and running ones may drain.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="drainFor">How long running iterations may go on before they are cancelled; zero or more.</param>
    /// <param name="cancellationToken">
    /// Cancelled: cancels the iterations that still run, and does not wait for them. Cancelled while the shard is being opened:
    /// the shard stays open.
    /// </param>
    /// <returns>
    /// The state of its loops for the next owner. Null: it begins at the watermark, because the lease has ended, the keys were
    /// not read, or not all loops were found before the cancellation.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="drainFor"/> is negative.</exception>
    /// <exception cref="ArgumentException">There is no such task in the cluster.</exception>
    /// <exception cref="InvalidOperationException">The shard is not open.</exception>
    /// <exception cref="OperationCanceledException">The shard was still being opened. It stays open.</exception>
    /// <remarks>
    /// Close many shards at once rather than one after the other: one pass over the loops of a task closes all shards that wait
    /// for it.
    /// </remarks>
    Task<byte[]?> CloseAsync(string task, KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken);

    /// <summary>
    /// Reads how far all open shards have come, in one pass over their loops. Shards that are closing, whose lease
    /// has ended, or whose host stops, are not among them: what was read of them before stays true.
    /// </summary>
    /// <returns>One entry for each open shard; empty when none is open.</returns>
    IReadOnlyList<ShardProgress> ReadProgress();

    /// <summary>Writes the keys of a shard that have ended, are paused or were added by hand, for its durable row.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="shard">The shard.</param>
    /// <returns>The bytes for <see cref="ShardOpening.Exceptions"/>.</returns>
    /// <exception cref="ArgumentException">There is no such task in the cluster.</exception>
    /// <exception cref="InvalidOperationException">The shard is not open.</exception>
    /// <remarks>Visits all loops of the task. Reads the text of these keys, which is user code, on the caller's thread.</remarks>
    byte[] WriteExceptions(string task, KeyShard shard);
}
