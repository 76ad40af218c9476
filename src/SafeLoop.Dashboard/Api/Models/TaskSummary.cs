using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>A task, or a key of one, at this moment.</summary>
internal sealed record TaskSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>True when it has a loop per key.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>True when the host that answers has it. Otherwise the snapshot shows what is stored.</summary>
    public required bool IsHere { get; init; }

    /// <summary>Its schedule in words.</summary>
    public required string Schedule { get; init; }

    /// <summary>The id of the time zone of its schedule; null: it has none.</summary>
    public string? Zone { get; init; }

    /// <summary>Its state, counts and last outcome on the host that answers.</summary>
    public required RecurringTaskSnapshot Snapshot { get; init; }

    /// <summary>What the store has of it, from all hosts; null: there is no store.</summary>
    public StoredLoop? Stored { get; init; }
}
