namespace SafeLoop.Dashboard;

/// <summary>What a schedule does, and what it changes for a task.</summary>
internal sealed record SchedulePreview
{
    /// <summary>The schedule in words.</summary>
    public required string Schedule { get; init; }

    /// <summary>The schedule of the task in words; null: it is compared with none.</summary>
    public string? ScheduleBefore { get; init; }

    /// <summary>The beginning of the comparison.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>
    /// The end of the comparison: a year later, or earlier when there are too many slots or a schedule ends.
    /// </summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The first slots.</summary>
    public required IReadOnlyList<UpcomingSlot> Next { get; init; }

    /// <summary>How many slots there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many slots the task has now.</summary>
    public int? CountBefore { get; init; }

    /// <summary>How many slots stay as they are.</summary>
    public int? Kept { get; init; }

    /// <summary>How many slots are new.</summary>
    public int? Added { get; init; }

    /// <summary>How many slots are dropped.</summary>
    public int? Dropped { get; init; }

    /// <summary>The first slots that are new.</summary>
    public IReadOnlyList<DateTimeOffset>? FirstAdded { get; init; }

    /// <summary>The first slots that are dropped.</summary>
    public IReadOnlyList<DateTimeOffset>? FirstDropped { get; init; }

    /// <summary>Slots that daylight saving moves or repeats.</summary>
    public required IReadOnlyList<UpcomingSlot> Daylight { get; init; }

    /// <summary>What is easily misread in the schedule, as sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
