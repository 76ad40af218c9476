namespace SafeLoop.Dashboard;

/// <summary>One task or one key, with what the user may do to it.</summary>
internal sealed record TaskDetail
{
    /// <summary>The task at this moment. For a key, its snapshot is that of the key.</summary>
    public required TaskSummary Task { get; init; }

    /// <summary>The next slots.</summary>
    public required IReadOnlyList<UpcomingSlot> Upcoming { get; init; }

    /// <summary>The latest records that this host has in memory, newest first. A keyed task as a whole has none.</summary>
    public required IReadOnlyList<IterationRecord> Records { get; init; }

    /// <summary>What the user may do to it.</summary>
    public required IReadOnlyList<TaskCommandKind> Allowed { get; init; }
}
