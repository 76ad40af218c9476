namespace SafeLoop.Dashboard;

/// <summary>What the overview shows.</summary>
internal sealed record OverviewModel
{
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The tasks of the page, filtered and in order.</summary>
    public required IReadOnlyList<TaskRow> Rows { get; init; }

    /// <summary>How many tasks pass the filter.</summary>
    public required int Found { get; init; }

    /// <summary>How many tasks there are.</summary>
    public required int All { get; init; }

    /// <summary>How many tasks are in which state.</summary>
    public required IReadOnlyDictionary<RecurringTaskState, int> States { get; init; }

    public string? Text { get; init; }

    public RecurringTaskState? State { get; init; }

    public TaskOrder Order { get; init; }

    /// <summary>The number of the page, from 1.</summary>
    public int Page { get; init; } = 1;

    public bool HasNext { get; init; }

    /// <summary>True when the viewer may be allowed to operate them: the application allows operations.</summary>
    public bool HasOperations { get; init; }

    /// <summary>The page that operates all that pass the filter.</summary>
    public string Bulk => BulkModel.To(new() { Text = Text, State = State });

    /// <summary>A link to the overview with the same filter.</summary>
    public string To(TaskOrder order, int page = 1) => Link.To(
        Link.Overview,
        ("text", Text),
        ("state", State?.ToString()),
        ("sort", order is TaskOrder.Problems ? null : order.ToString()),
        ("page", page == 1 ? null : $"{page}"));
}
