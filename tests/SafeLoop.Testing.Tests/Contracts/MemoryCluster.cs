namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>What a store in memory keeps for an application.</summary>
internal sealed class MemoryCluster
{
    public string? Name { get; set; }

    public int ShardCount { get; set; }

    public long LastLease { get; set; }

    public DateTimeOffset TakesFrom { get; set; }

    public Dictionary<long, MemoryLease> Leases { get; } = [];

    public Dictionary<ShardId, MemoryShard> Shards { get; } = [];
}
