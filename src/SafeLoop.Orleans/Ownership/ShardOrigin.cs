namespace SafeLoop;

/// <summary>Where the loops of a shard go on that this host takes.</summary>
/// <param name="Memory">The state of its loops; null: they go on at the watermark.</param>
/// <param name="Watermark">All slots until then have run or were recorded; null: they begin as new.</param>
/// <param name="Exceptions">The keys that have ended, are paused or were added by hand.</param>
internal sealed record ShardOrigin(byte[]? Memory, DateTimeOffset? Watermark, byte[]? Exceptions)
{
    /// <summary>A shard that no host has ever owned.</summary>
    public static ShardOrigin New { get; } = new(null, null, null);

    /// <summary>Finds it for a shard in the store.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="progress">
    /// The progress that its owner, which is gone, has stored last. An owner that has stored none for this shard was lost right
    /// after it took it, so it has changed nothing.
    /// </param>
    public static ShardOrigin From(StoredShard shard, IReadOnlyList<StoredProgress> progress)
    {
        foreach (var entry in progress)
        {
            if (entry.Id == shard.Id && entry.Epoch == shard.Epoch)
                return new(null, entry.Watermark, shard.Exceptions);
        }
        return new(shard.Memory, shard.Watermark, shard.Exceptions);
    }
}
