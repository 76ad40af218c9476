namespace SafeLoop.Dashboard;

/// <summary>What the page that previews a schedule shows.</summary>
internal sealed record PreviewModel
{
    public required TaskSummary Task { get; init; }

    public string? Cron { get; init; }

    public string? Every { get; init; }

    public string? Zone { get; init; }

    /// <summary>What the schedule does; null: none was given, or it is invalid.</summary>
    public SchedulePreview? Preview { get; init; }

    /// <summary>Why the schedule is invalid; null: it is not.</summary>
    public string? Mistake { get; init; }

    /// <summary>True when the viewer may change the task.</summary>
    public required bool CanChange { get; init; }
}
