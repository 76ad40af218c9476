namespace SafeLoop.Dashboard;

/// <summary>The coming slots of a task.</summary>
internal sealed record UpcomingTask
{
    /// <summary>The name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>True when it has a loop per key. Then there is one slot of each of the keys that are due first.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>The slots.</summary>
    public required IReadOnlyList<UpcomingSlot> Slots { get; init; }

    /// <summary>True when there are more slots in the range.</summary>
    public required bool IsCut { get; init; }
}
