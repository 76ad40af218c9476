namespace SafeLoop;

/// <summary>A host that joins a cluster.</summary>
public sealed record ShardJoin
{
    /// <summary>The name of the cluster. While a lease of another cluster is live in the store, the host is refused.</summary>
    public required string Cluster { get; init; }

    /// <summary>Into how many shards the cluster divides the keys of each task. A host with another number is refused.</summary>
    public required int ShardCount { get; init; }

    /// <summary>The name of the host. Leases with the same name are different members.</summary>
    public required string Name { get; init; }

    /// <summary>What other hosts must know of it, such as its address and tasks. Opaque to the store.</summary>
    public required string Details { get; init; }

    /// <summary>How long the lease lives after each renewal; positive.</summary>
    public required TimeSpan Length { get; init; }
}
