namespace SafeLoop.Dashboard;

/// <summary>What the page of a task, or of a key, shows.</summary>
internal sealed record TaskModel
{
    public required TaskSummary Task { get; init; }

    /// <summary>The text of the key; null: the task as a whole.</summary>
    public string? Key { get; init; }

    public required IReadOnlyList<UpcomingSlot> Upcoming { get; init; }

    public required IReadOnlyList<TaskCommandKind> Allowed { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The last slots, oldest first.</summary>
    public required IReadOnlyList<StripSlot> Strip { get; init; }

    public required TaskCharts Charts { get; init; }

    public required IReadOnlyList<ErrorGroup> Errors { get; init; }

    public required IReadOnlyList<OptionRow> Options { get; init; }

    /// <summary>A page of the history; null: the store did not answer.</summary>
    public required HistoryPage? History { get; init; }

    /// <summary>What the history is filtered by.</summary>
    public required HistoryQuery Filter { get; init; }

    /// <summary>The command that was sent from this page a moment ago; null: none.</summary>
    public TaskCommandStatus? Command { get; init; }

    /// <summary>True when the history is not shown from its newest slot, or not all of it.</summary>
    public bool IsFiltered => Filter is not { Outcome: null, Reason: null, From: null, To: null, Cursor: null };

    /// <summary>A link to this page with the same filter.</summary>
    public string To(string? cursor) => Link.To(
        Key is null ? "task" : "key",
        ("task", Task.Name),
        ("key", Key),
        ("outcome", Filter.Outcome?.ToString()),
        ("reason", Filter.Reason?.ToString()),
        ("from", Filter.From is { } from ? PageTimes.Query(from) : null),
        ("to", Filter.To is { } to ? PageTimes.Query(to) : null),
        ("cursor", cursor));
}
