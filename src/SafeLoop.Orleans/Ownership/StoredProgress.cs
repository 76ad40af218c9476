namespace SafeLoop;

/// <summary>How far a shard has come, as its owner stores it with each renewal.</summary>
/// <param name="Id">The shard.</param>
/// <param name="Epoch">The number of the ownership.</param>
/// <param name="Watermark">All slots until then have run or were recorded.</param>
internal readonly record struct StoredProgress(ShardId Id, long Epoch, DateTimeOffset Watermark);
