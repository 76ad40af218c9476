using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>A page of totals per hour, the latest hour first.</summary>
public sealed record TotalPage
{
    /// <summary>The totals: one for each task, hour, outcome and reason.</summary>
    public required IReadOnlyList<HourlyTotal> Totals { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }
}
