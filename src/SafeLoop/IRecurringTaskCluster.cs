namespace SafeLoop;

/// <summary>The cluster of this host: its members, who runs which loop, and operations that its owner executes.</summary>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public interface IRecurringTaskCluster
{
    /// <summary>The hosts that are in the cluster, as this host sees it. It reads memory, not the store.</summary>
    IReadOnlyList<ClusterMember> Members { get; }
}
