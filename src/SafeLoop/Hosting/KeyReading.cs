using System.Runtime.ExceptionServices;

namespace SafeLoop;

/// <summary>Reads the keys of a task from its source: all at once, or those of each open shard.</summary>
internal static class KeyReading
{
    public static async ValueTask ReadAllAsync<TKey>(
        KeyedLoops<TKey> all, Func<IAsyncEnumerable<TKey>?> source, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var shards = all.Shards.Snapshot(); // first: a shard that is opened meanwhile may be read in part
        all.Reconcile(await KeySource.ReadAsync(source(), cancellationToken).ConfigureAwait(false), shards);
    }

    public static async ValueTask ReadShardsAsync<TKey>(
        KeyedLoops<TKey> all,
        Func<KeyShard, IAsyncEnumerable<TKey>?> source,
        bool onlyUnread,
        CancellationToken cancellationToken)
        where TKey : notnull
    {
        if (!all.IsInCluster)
        {
            await ReadAllAsync(all, () => source(default), cancellationToken).ConfigureAwait(false);
            return;
        }
        var reading = new ShardReading<TKey>(all);
        Exception? first = null;
        foreach (var shard in all.Shards.Snapshot().OrderBy(shard => shard.Arrivals.IsRead))
        {
            if (shard.Ownership.IsClosed || (onlyUnread && shard.Arrivals.IsRead))
                continue;
            try
            {
                var keys = source(shard.Ownership.Shard);
                var wrong = reading.Add(shard, await KeySource.ReadAsync(keys, cancellationToken).ConfigureAwait(false));
                first ??= wrong;
            }
            catch (Exception error) // one shard that cannot be read must not keep the others from being read
            {
                first ??= error;
                if (cancellationToken.IsCancellationRequested)
                    break;
            }
        }
        reading.Complete();
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }
}
