namespace SafeLoop;

/// <summary>A page of keys.</summary>
public sealed record KeyPage
{
    /// <summary>The keys, as their handles show them.</summary>
    public required IReadOnlyList<RecurringTaskSnapshot> Keys { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }
}
