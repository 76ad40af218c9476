namespace SafeLoop.Tests.Shards;

/// <summary>A cluster whose shards the test opens and closes itself.</summary>
internal class UnusedCluster : IRecurringTaskCluster
{
    public virtual IReadOnlyList<ClusterMember> Members => [];

    public ClusterMember? OwnerOf(string task) => null;

    public ClusterMember? OwnerOf<TKey>(string task, TKey key)
        where TKey : notnull => null;

    public Task<IterationRecord> RunNowAsync(
        string task, object? key = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task PauseAsync(
        string task,
        object? key = null,
        string? reason = null,
        string? by = null,
        DateTimeOffset? until = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task ResumeAsync(
        string task,
        object? key = null,
        string? reason = null,
        string? by = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<RecurringTaskSnapshot> SnapshotAsync(
        string task, object? key = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<SlotExplanation> ExplainAsync(
        string task, DateTimeOffset instant, object? key = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<bool> AddAsync(string task, object key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<bool> RemoveAsync(string task, object key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyList<ClusterShard>> QueryShardsAsync(
        string? task = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DrainAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RejoinAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
