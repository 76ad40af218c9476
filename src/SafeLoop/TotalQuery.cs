namespace SafeLoop;

/// <summary>Selects totals per hour.</summary>
public sealed record TotalQuery
{
    /// <summary>The name of the task; capitals do not matter. Null: all tasks.</summary>
    public string? TaskName { get; init; }

    /// <summary>The earliest instant. Totals of the whole hour in which it lies are included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant before which all hours begin.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The most totals of a page: 1 to 10,000. The default is 5,000.</summary>
    public int PageSize { get; init; } = 5_000;

    /// <summary>The <see cref="TotalPage.Cursor"/> of the page before, of the same query; null: the first page.</summary>
    public string? Cursor { get; init; }
}
