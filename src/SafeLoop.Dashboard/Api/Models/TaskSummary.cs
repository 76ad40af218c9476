namespace SafeLoop.Dashboard;

/// <summary>A task at this moment.</summary>
internal sealed record TaskSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>True when it has a loop per key.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>Its schedule in words.</summary>
    public required string Schedule { get; init; }

    /// <summary>The id of the time zone of its schedule; null: it has none.</summary>
    public string? Zone { get; init; }

    /// <summary>Its state, counts and last outcome.</summary>
    public required RecurringTaskSnapshot Snapshot { get; init; }
}
