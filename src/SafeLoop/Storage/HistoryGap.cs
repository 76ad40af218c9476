namespace SafeLoop.Storage;

/// <summary>What could not be kept in memory while the database was down.</summary>
public sealed record HistoryGap
{
    /// <summary>The first end of an iteration that is missing.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The last one.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How many outcomes of each kind are missing. They are in the totals.</summary>
    public required OutcomeCounts Missing { get; init; }
}
