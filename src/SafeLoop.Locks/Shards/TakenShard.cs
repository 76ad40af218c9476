namespace SafeLoop;

/// <summary>A shard that was taken.</summary>
/// <param name="Id">The shard.</param>
/// <param name="Epoch">The number of the new ownership.</param>
public readonly record struct TakenShard(ShardId Id, long Epoch);
