namespace SafeLoop;

/// <summary>A host of the cluster whose lease is live.</summary>
public sealed record ShardMember
{
    /// <summary>The number of its lease.</summary>
    public required long Lease { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Its <see cref="ShardJoin.Details"/>; null where the reader knows them (<see cref="ShardRenewal.KnownUpTo"/>).
    /// </summary>
    public string? Details { get; init; }

    /// <summary>True: it gives its shards away and takes none.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>How long the lease lives if it is not renewed, by the clock of the store.</summary>
    public required TimeSpan TimeLeft { get; init; }
}
