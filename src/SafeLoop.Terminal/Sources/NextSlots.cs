namespace SafeLoop.Terminal;

/// <summary>The next slots of a task, a key or a schedule.</summary>
internal sealed record NextSlots
{
    /// <summary>The task; null: a schedule without one.</summary>
    public TaskLine? Task { get; init; }

    /// <summary>The schedule.</summary>
    public string? Schedule { get; init; }

    /// <summary>The id of the time zone of the schedule; null: it has none, or it is unknown.</summary>
    public string? Zone { get; init; }

    /// <summary>The slots, the first due first.</summary>
    public required IReadOnlyList<UpcomingSlot> Slots { get; init; }

    /// <summary>What is missing, or easily misread, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
