namespace SafeLoop;

/// <summary>A host whose lease was live when the store answered last.</summary>
/// <param name="Lease">The number of its lease.</param>
/// <param name="Name">Its name.</param>
/// <param name="Details">What it has published when it joined.</param>
/// <param name="IsLeaving">True: it gives its shards away.</param>
/// <param name="EndsAt">The timestamp at which its lease ends at the latest, if it is not renewed.</param>
internal sealed record Member(long Lease, string Name, MemberDetails Details, bool IsLeaving, long EndsAt)
{
    /// <summary>True when it registers the task, divided in the same way.</summary>
    public bool Knows(ClusterTask task) =>
        Details.Tasks.Any(known => known.Name == task.Name && known.IsKeyed == task.IsKeyed);
}
