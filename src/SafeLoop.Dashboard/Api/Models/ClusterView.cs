namespace SafeLoop.Dashboard;

/// <summary>The cluster of the host that answers.</summary>
internal sealed record ClusterView
{
    /// <summary>The hosts that are in the cluster, as the host that answers sees it.</summary>
    public required IReadOnlyList<ClusterMember> Members { get; init; }
}
