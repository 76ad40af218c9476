namespace SafeLoop.Dashboard;

/// <summary>How the shards of a task are spread over the hosts.</summary>
/// <param name="TaskName">The name of the task.</param>
/// <param name="Total">The number of shards that were ever owned.</param>
/// <param name="Owners">The owners with the number of their shards, the largest first.</param>
/// <param name="Unowned">The number of shards that no host owns now.</param>
/// <param name="Lost">The number of shards whose last owners were lost more than once in a row.</param>
internal sealed record ShardCounts(
    string TaskName, int Total, IReadOnlyList<KeyValuePair<string, int>> Owners, int Unowned, int Lost)
{
    public static ShardCounts FromShards(IGrouping<string, ClusterShard> task) => new(
        task.Key,
        task.Count(),
        [.. task.Where(shard => shard.IsOwned).CountBy(shard => shard.Owner!).OrderByDescending(owner => owner.Value)],
        task.Count(shard => !shard.IsOwned),
        task.Count(shard => shard.Losses > 1));
}
