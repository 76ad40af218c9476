namespace SafeLoop.Storage;

/// <summary>The outcomes that history lacks, because memory had no room for them until they could be saved.</summary>
public sealed record HistoryGap
{
    /// <summary>The first end of an iteration that is missing.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The last end of an iteration that is missing.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How many outcomes of each kind are missing. They are in the totals.</summary>
    public required OutcomeCounts Missing { get; init; }
}
