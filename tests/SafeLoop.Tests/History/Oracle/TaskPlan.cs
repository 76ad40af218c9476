namespace SafeLoop.Tests.History.Oracle;

/// <summary>What a task is and what happens to it in the year, as drawn.</summary>
internal sealed class TaskPlan
{
    public required string Name { get; init; }

    /// <summary>True for a key of the keyed task, whose key the name is.</summary>
    public bool IsKey { get; init; }

    /// <summary>When the handle of the key was used first, from which its records are kept; null: never.</summary>
    public DateTimeOffset? Pinned { get; init; }

    /// <summary>The first slot from then on ends the loop; null: none does.</summary>
    public DateTimeOffset? Done { get; init; }

    public required GridRule Rule { get; set; }

    /// <summary>The rule before <see cref="ChangedAt"/>.</summary>
    public GridRule? FirstRule { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    public List<TimeAway> Away { get; } = [];

    /// <summary>When it was registered last, or the key was added last.</summary>
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

    public Overlap Overlap { get; set; }

    /// <summary>How many slots wait, or run side by side.</summary>
    public int MostOverlapping { get; set; } = 100;

    /// <summary>From then on, its check is false.</summary>
    public DateTimeOffset? WhileBefore { get; set; }

    /// <summary>When an operator cancels what is running.</summary>
    public IReadOnlyList<DateTimeOffset> Cancels { get; set; } = [];

    /// <summary>The time from the end of an iteration to the next one, for a task without slots of its own.</summary>
    public TimeSpan? Delay { get; set; }

    /// <summary>The percentage of iterations that select the next slot.</summary>
    public int Chooses { get; set; }

    /// <summary>Percentages of iterations that fail, that take long, and that never end.</summary>
    public (int Fails, int Long, int Hangs) Shares { get; set; }
}
