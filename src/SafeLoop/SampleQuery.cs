namespace SafeLoop;

/// <summary>Selects samples of the memory of one host.</summary>
public sealed record SampleQuery
{
    /// <summary>The <see cref="RecurringTaskInstance.Id"/> of the host.</summary>
    public required Guid Instance { get; init; }

    /// <summary>The earliest instant. A store includes the sample of the whole minute in which it lies.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant before which all samples were taken; not before <see cref="From"/>.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>
    /// The maximum number of samples of a page: 1 to 10,000. The default is 5,000, which is enough for three days.
    /// </summary>
    public int PageSize { get; init; } = 5_000;

    /// <summary>The <see cref="SamplePage.Cursor"/> of the page before, of the same query; null: the first page.</summary>
    public string? Cursor { get; init; }
}
