namespace SafeLoop.Dashboard;

/// <summary>A page of tasks, by name.</summary>
internal sealed record TaskPage
{
    /// <summary>The tasks.</summary>
    public required IReadOnlyList<TaskSummary> Tasks { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }

    /// <summary>Why something is missing, as a sentence; null: nothing is.</summary>
    public string? Problem { get; init; }
}
