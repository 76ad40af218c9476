namespace SafeLoop;

/// <summary>Selects commands of the log. Properties that are null do not restrict.</summary>
public sealed record TaskCommandQuery
{
    /// <summary>The name of the task; capitals do not matter.</summary>
    public string? TaskName { get; init; }

    /// <summary>The most commands of a page: 1 to 1,000. The default is 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The <see cref="TaskCommandPage.Cursor"/> of the page before, of the same query; null: the first page.</summary>
    public string? Cursor { get; init; }
}
