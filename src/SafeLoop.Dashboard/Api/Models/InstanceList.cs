namespace SafeLoop.Dashboard;

/// <summary>The hosts of the application.</summary>
internal sealed record InstanceList
{
    /// <summary>The hosts, the last started first.</summary>
    public required IReadOnlyList<InstanceView> Instances { get; init; }
}
