namespace SafeLoop;

/// <summary>What a store has answered to a host that joins.</summary>
public sealed record ShardJoinResult
{
    /// <summary>The number of the lease, greater than that of every earlier lease. Zero: the host was refused.</summary>
    public long Lease { get; init; }

    /// <summary>The cluster in the store. The host was refused when it is another one.</summary>
    public required string Cluster { get; init; }

    /// <summary>The number of shards in the store. The host was refused when it is another one.</summary>
    public required int ShardCount { get; init; }

    /// <summary>
    /// How long no shard can be taken, because the store may have lost which hosts own shards; zero: shards can be taken at once.
    /// </summary>
    public TimeSpan Wait { get; init; }
}
