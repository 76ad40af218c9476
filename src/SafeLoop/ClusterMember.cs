namespace SafeLoop;

/// <summary>A host of the cluster: it is active, and its lease is live.</summary>
public sealed record ClusterMember
{
    /// <summary>
    /// The name of the host, such as that of the silo. Two hosts may have the same one; <see cref="Address"/> is unique.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The address of the host in the cluster. A process that is restarted has another one.</summary>
    public required string Address { get; init; }

    /// <summary>True for the host that returned this member.</summary>
    public bool IsThisHost { get; init; }

    /// <summary>True while it gives its shards away, because it stops or drains.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The names of its tasks that are in the cluster.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
}
