namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A shard in memory.</summary>
internal sealed record MemoryShard(StoredShard Stored, ShardOwner Owner);
