namespace SafeLoop.Dashboard;

/// <summary>What the page of the cluster shows.</summary>
internal sealed record ClusterModel
{
    public required IReadOnlyList<ClusterMember> Members { get; init; }

    /// <summary>The only task that is shown; null: all.</summary>
    public string? Task { get; init; }

    /// <summary>The shards that were ever owned; null: the store has not answered.</summary>
    public required IReadOnlyList<ClusterShard>? Shards { get; init; }

    /// <summary>The shards that moved last, the latest first.</summary>
    public IReadOnlyList<ClusterShard> Moves => Shards is null ? [] :
        [.. Shards.OrderByDescending(shard => shard.Since).ThenBy(shard => shard.TaskName).ThenBy(shard => shard.Index).Take(50)];

    /// <summary>The tasks with the number of their shards at each owner.</summary>
    public IReadOnlyList<ShardCounts> Tasks => Shards is null ? [] :
        [.. Shards.GroupBy(shard => shard.TaskName).Select(ShardCounts.FromShards).OrderBy(counts => counts.TaskName)];

    /// <summary>The number of shards that a member owns; null: unknown.</summary>
    public int? CountOf(ClusterMember member) => Shards?.Count(shard => shard.IsOwned && shard.Owner == member.Name);
}
