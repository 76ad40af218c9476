namespace SafeLoop;

/// <summary>A page of the history, newest slot first unless the query says otherwise.</summary>
public sealed record HistoryPage
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<HistoryEntry> Entries { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }
}
