namespace SafeLoop;

/// <summary>A host of the cluster.</summary>
public sealed record ClusterMember
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its address, as the cluster writes it.</summary>
    public required string Address { get; init; }

    /// <summary>True for the host that answers.</summary>
    public bool IsThisHost { get; init; }

    /// <summary>True while it gives its shards away.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The names of its tasks that are in the cluster.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
}
