namespace SafeLoop;

/// <summary>Selects entries of the history. Properties that are null do not restrict.</summary>
public sealed record HistoryQuery
{
    /// <summary>The name of the task; capitals do not matter.</summary>
    public string? TaskName { get; init; }

    /// <summary>The text of the key. Needs <see cref="TaskName"/>.</summary>
    public string? Key { get; init; }

    /// <summary>The earliest slot.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The slot before which all entries lie.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The outcome.</summary>
    public IterationOutcome? Outcome { get; init; }

    /// <summary>The reason.</summary>
    public OutcomeReason? Reason { get; init; }

    /// <summary>True: no successes.</summary>
    public bool OnlyUnsuccessful { get; init; }

    /// <summary>True: the oldest slot comes first. The default is false: the newest comes first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>The most entries of a page: 1 to 1,000. The default is 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The <see cref="HistoryPage.Cursor"/> of the page before, of the same query; null: the first page.</summary>
    public string? Cursor { get; init; }
}
