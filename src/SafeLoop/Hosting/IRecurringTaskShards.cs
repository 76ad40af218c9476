namespace SafeLoop;

/// <summary>
/// The shards of this host's tasks that are in a cluster. What decides which host runs which shard opens and closes them here.
/// </summary>
/// <remarks>
/// An application does not need it: the package SafeLoop.Orleans calls it. The loss of a lease needs no call, because the shards
/// notice it themselves.
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public interface IRecurringTaskShards
{
    /// <summary>The tasks of this host that are in the cluster.</summary>
    IReadOnlyList<ClusterTask> Tasks { get; }

    /// <summary>Creates the lease of this host. It counts from now, so create it before you ask the store for it.</summary>
    /// <param name="length">How long the store keeps it after each renewal; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not positive.</exception>
    ShardLease CreateLease(TimeSpan length);

    /// <summary>Opens a shard, whose loops run on this host from now on.</summary>
    /// <param name="opening">The shard, and where its loops go on.</param>
    /// <param name="cancellationToken">Cancels the wait for a shard that is still being emptied.</param>
    /// <exception cref="ArgumentException">There is no such task in the cluster, or its shards are others.</exception>
    /// <exception cref="InvalidOperationException">The shard is open, its lease has ended, or the host stops.</exception>
    Task OpenAsync(ShardOpening opening, CancellationToken cancellationToken);

    /// <summary>Closes a shard: no iteration starts any more, and running ones may drain.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="drainFor">How long running iterations may go on before they are cancelled.</param>
    /// <param name="cancellationToken">Cancelled: does not wait for iterations that still run.</param>
    /// <returns>The state of its loops for the next owner; null: it begins at the watermark.</returns>
    /// <exception cref="ArgumentException">There is no such task in the cluster.</exception>
    /// <exception cref="InvalidOperationException">The shard is not open.</exception>
    Task<byte[]?> CloseAsync(string task, KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken);

    /// <summary>Reads how far all open shards have come. Call it from one thread at a time.</summary>
    IReadOnlyList<ShardProgress> ReadProgress();

    /// <summary>Writes the keys of a shard that have ended, are paused or were added by hand, for its durable row.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="shard">The shard.</param>
    /// <exception cref="ArgumentException">There is no such task in the cluster.</exception>
    /// <exception cref="InvalidOperationException">The shard is not open.</exception>
    byte[] WriteExceptions(string task, KeyShard shard);
}
