namespace SafeLoop.Storage;

/// <summary>What an instance saves at once.</summary>
public sealed record StoreBatch
{
    /// <summary>The id of the host.</summary>
    public required Guid Instance { get; init; }

    /// <summary>Counts the batches of the instance from 1. A number is saved once.</summary>
    public required long Number { get; init; }

    /// <summary>The history of tasks without <c>SurviveRestarts</c>.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>The states of loops that have changed.</summary>
    public IReadOnlyList<LoopChange> Loops { get; init; } = [];

    /// <summary>The totals per hour, without the outcomes that were recorded one by one.</summary>
    public IReadOnlyList<HourlyTotal> Totals { get; init; } = [];

    /// <summary>What history lacks; null: nothing.</summary>
    public HistoryGap? Gap { get; init; }
}
