using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>A page of stored loops of tasks or keys.</summary>
public sealed record LoopPage
{
    /// <summary>The loops, by the names of the tasks or the texts of the keys.</summary>
    public required IReadOnlyList<StoredLoop> Loops { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }
}
