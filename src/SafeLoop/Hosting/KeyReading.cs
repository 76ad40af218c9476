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
        KeyedLoops<TKey> all, Func<KeyShard, IAsyncEnumerable<TKey>?> source, CancellationToken cancellationToken)
        where TKey : notnull
    {
        if (!all.IsInCluster)
        {
            await ReadAllAsync(all, () => source(default), cancellationToken).ConfigureAwait(false);
            return;
        }
        Exception? first = null;
        foreach (var shard in all.Shards.Snapshot().OrderBy(shard => shard.Arrivals.IsRead))
        {
            try
            {
                var keys = source(shard.Ownership.Shard);
                all.Reconcile(await KeySource.ReadAsync(keys, cancellationToken).ConfigureAwait(false), [shard]);
            }
            catch (Exception error) // one shard that cannot be read must not keep the others from being read
            {
                first ??= error;
                if (cancellationToken.IsCancellationRequested)
                    break;
            }
        }
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }
}
