namespace SafeLoop.Dashboard;

/// <summary>The shards of a task.</summary>
internal sealed record ShardList
{
    /// <summary>The shards that were ever owned, ordered by index.</summary>
    public required IReadOnlyList<ClusterShard> Shards { get; init; }
}
