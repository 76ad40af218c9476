namespace SafeLoop;

/// <summary>What a task did at an instant, and why it did not run.</summary>
public sealed record SlotExplanation
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null for an ordinary task.</summary>
    public string? Key { get; init; }

    /// <summary>The instant that was asked about.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>The answer in one sentence.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// The outcome of the slot at this instant; null when there was no slot, or its outcome is not known any more.
    /// </summary>
    public HistoryEntry? Entry { get; init; }

    /// <summary>The last slot before the instant; null: none, or not known.</summary>
    public DateTimeOffset? SlotBefore { get; init; }

    /// <summary>The first slot after the instant; null: none, or not known.</summary>
    public DateTimeOffset? SlotAfter { get; init; }

    /// <summary>How the daylight saving rules affect the instant.</summary>
    public DaylightReason Daylight { get; init; }
}
