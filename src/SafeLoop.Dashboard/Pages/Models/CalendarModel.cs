namespace SafeLoop.Dashboard;

/// <summary>What the calendar shows.</summary>
internal sealed record CalendarModel
{
    /// <summary>How many days it covers.</summary>
    public required int Days { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>The slots of tasks that are due less often than every ten minutes, in order.</summary>
    public required IReadOnlyList<CalendarSlot> Slots { get; init; }

    /// <summary>True when there are more slots than are listed.</summary>
    public required bool IsCut { get; init; }

    /// <summary>How many slots begin in each minute of the next 24 hours, without the tasks that are due more often.</summary>
    public required IReadOnlyList<int> Load { get; init; }

    /// <summary>The tasks that are due every ten minutes or more often, by name and schedule.</summary>
    public required IReadOnlyList<(string Task, string Schedule)> Frequent { get; init; }

    /// <summary>The changes of clocks in the zones of tasks.</summary>
    public required IReadOnlyList<ClockChange> Changes { get; init; }
}
