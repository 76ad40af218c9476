namespace SafeLoop;

/// <summary>Selects stored loops: those of tasks, or those of the keys of one task.</summary>
public sealed record LoopQuery
{
    /// <summary>The name of a keyed task, whose keys are read; null: tasks are read, and no keys.</summary>
    public string? TaskName { get; init; }

    /// <summary>The beginning of the text of a key, at most 200 characters; null: any. Needs <see cref="TaskName"/>.</summary>
    public string? Prefix { get; init; }

    /// <summary>Only loops in this condition.</summary>
    public LoopFilter Filter { get; init; }

    /// <summary>The most loops of a page: 1 to 1,000. The default is 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The <see cref="LoopPage.Cursor"/> of the page before, of the same query; null: the first page.</summary>
    public string? Cursor { get; init; }
}
