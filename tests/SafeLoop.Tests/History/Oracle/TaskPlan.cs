namespace SafeLoop.Tests.History.Oracle;

/// <summary>What a task is and what happens to it in the year, as drawn.</summary>
internal sealed class TaskPlan
{
    public required string Name { get; init; }

    public required GridRule Rule { get; set; }

    /// <summary>The rule before <see cref="ChangedAt"/>.</summary>
    public GridRule? FirstRule { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    public List<TimeAway> Away { get; } = [];

    /// <summary>When it was registered last.</summary>
    public DateTimeOffset Registered { get; set; } = LoopHost.Start;

    public DateTimeOffset? EndAt { get; set; }

    public (DateTimeOffset At, string Reason)? Stopped { get; set; }

    /// <summary>Pauses with the instant at which each ended.</summary>
    public List<(TaskPause Pause, DateTimeOffset Ended)> Pauses { get; } = [];

    public List<(DateTimeOffset From, DateTimeOffset To)> Disabled { get; } = [];

    public TimeSpan? BackOff { get; set; }

    public TimeSpan? Timeout { get; set; }

    public int? PauseAfter { get; set; }

    public string? Lock { get; set; }

    /// <summary>Percentages of iterations that fail, that take long, and that never end.</summary>
    public (int Fails, int Long, int Hangs) Shares { get; set; }
}
