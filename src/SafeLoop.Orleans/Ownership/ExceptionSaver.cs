namespace SafeLoop;

/// <summary>Stores which keys of open shards are exceptional: those that have ended, are paused or were added by hand.</summary>
/// <remarks>A loop of its own, because the shards that close may take long. A shard that was given away is refused.</remarks>
internal sealed class ExceptionSaver(
    IShardStore store, IRecurringTaskShards shards, OwnedShards owned, RecurringTaskClusterOptions options)
{
    /// <summary>A turn of the loop.</summary>
    public async Task<long> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var changed = owned.Open.Where(static shard => shard.HasProgress && shard.Exceptions != shard.StoredExceptions).ToArray();
        foreach (var batch in changed.Chunk(options.OpeningBudget))
        {
            var versions = batch.Select(static shard => shard.Exceptions).ToArray(); // first: they may change again
            foreach (var lease in batch.GroupBy(static shard => shard.Lease.Number, Save))
                await store.SaveAsync(lease.Key, [.. lease.OfType<ShardState>()], cancellationToken).ConfigureAwait(false);
            foreach (var (shard, version) in batch.Zip(versions))
                shard.StoredExceptions = version;
        }
        return long.MaxValue; // until the next renewal, which reads whether they have changed

        ShardState? Save(OwnedShard shard) => TryWrite(shard) is not { } exceptions ? null
            : new() { Id = shard.Id, Epoch = shard.Epoch, Exceptions = exceptions };
    }

    /// <returns>Null when the shard was closed or lost meanwhile.</returns>
    public byte[]? TryWrite(OwnedShard shard)
    {
        try
        {
            return shards.WriteExceptions(shard.Id.Task, shard.Shard);
        }
        catch (InvalidOperationException) // it was lost meanwhile
        {
            return null;
        }
    }
}
