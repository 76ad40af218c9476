namespace SafeLoop.Dashboard;

/// <summary>Reads the cluster of this host.</summary>
internal static class ClusterReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly object AllTasks = new();

    /// <summary>The cluster of this host.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static IRecurringTaskCluster Require(IServiceProvider services) =>
        services.GetService(typeof(IRecurringTaskCluster)) as IRecurringTaskCluster
            ?? throw new KeyNotFoundException("This host is in no cluster. A cluster is registered with AddRecurringTaskCluster");

    /// <summary>Reads the shards. Viewers at the same time share one read.</summary>
    /// <param name="reads">The reads that viewers share.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="task">The name of a task; null: of all tasks.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="cancellationToken">Cancels the wait of one request.</param>
    public static Task<IReadOnlyList<ClusterShard>> ReadShardsAsync(
        SharedReads reads, IRecurringTaskCluster cluster, string? task, TimeProvider time, CancellationToken cancellationToken) =>
        reads.GetAsync(
            (AllTasks, task),
            token => cluster.QueryShardsAsync(task, token).WaitAsync(Limit, time, token),
            cancellationToken);
}
