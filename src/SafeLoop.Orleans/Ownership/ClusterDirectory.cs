namespace SafeLoop;

/// <summary>Who is in the cluster and who should own which shard, as this host sees it.</summary>
internal sealed class ClusterDirectory(
    ClusterCoordinator coordinator, IRecurringTaskShards shards, IClusterMembership membership) : IShardDirectory
{
    /// <inheritdoc/>
    public int ShardCount => coordinator.Options.ShardCount;

    /// <inheritdoc/>
    public IReadOnlyList<ClusterMember> Members => [.. coordinator.Plan.Members.Select(Describe)];

    /// <inheritdoc/>
    public IEnumerable<string> TaskNames => Tasks.Select(static task => task.Name).Distinct();

    /// <inheritdoc/>
    public ClusterTask? FindTask(string name) =>
        Tasks.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public ClusterMember? FindOwner(ShardId shard) =>
        FindTask(shard.Task) is { } task && coordinator.Plan.OwnerOf(task, shard.Index) is { } owner ? Describe(owner) : null;

    /// <inheritdoc/>
    public ClusterMember? FindMember(long lease) => coordinator.Plan.View.Find(lease) is { } member ? Describe(member) : null;

    /// <inheritdoc/>
    public void OnNotified() => coordinator.OnNotified();

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken) => coordinator.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public Task RejoinAsync(CancellationToken cancellationToken)
    {
        coordinator.Rejoin();
        return Task.CompletedTask;
    }

    private IEnumerable<ClusterTask> Tasks =>
        shards.Tasks.Concat(coordinator.Plan.Members.SelectMany(static member => member.Details.Tasks));

    private ClusterMember Describe(Member member) => new()
    {
        Name = member.Name,
        Address = member.Details.Address,
        IsThisHost = member.Details.Address == membership.Address,
        IsLeaving = member.IsLeaving,
        Tasks = [.. member.Details.Tasks.Select(static task => task.Name)],
    };
}
