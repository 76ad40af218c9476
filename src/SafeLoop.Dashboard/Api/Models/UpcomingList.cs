namespace SafeLoop.Dashboard;

/// <summary>The coming slots of tasks in a range.</summary>
internal sealed record UpcomingList
{
    /// <summary>The earliest instant.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant before which all slots lie.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The tasks that have slots in the range, by name.</summary>
    public required IReadOnlyList<UpcomingTask> Tasks { get; init; }
}
