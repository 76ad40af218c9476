namespace SafeLoop;

/// <summary>What this host knows of one loop, read at one moment. An explanation is a pure function of it.</summary>
internal sealed record LoopFacts
{
    /// <summary>The definition in force.</summary>
    public required RecurringTask Task { get; init; }

    /// <summary>The text of the key; null for an ordinary task.</summary>
    public string? Key { get; init; }

    /// <summary>The records in memory, oldest first.</summary>
    public required IReadOnlyList<HistoryEntry> Records { get; init; }

    /// <summary>False for a key that no handle controls: only its last failure is kept.</summary>
    public bool KeepsRecords { get; init; }

    /// <summary>True when older records may be missing: few are kept, and those of a key begin with its handle.</summary>
    public bool IsCut { get; init; }

    public required SlotSearch Slots { get; init; }

    /// <summary>The present moment, on the wall clock.</summary>
    public required Instant Now { get; init; }

    /// <summary>When the task was registered in this host; none: unknown.</summary>
    public required Instant RegisteredAt { get; init; }

    /// <summary>When the loop ended; none while it has not, or when that is unknown.</summary>
    public Instant EndedAt { get; init; }

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant LastSlot { get; init; }

    /// <summary>How the last slot ended; none before the first end.</summary>
    public IterationOutcome LastOutcome { get; init; }

    public required RecurringTaskState State { get; init; }

    /// <summary>A sentence about the state; null: none.</summary>
    public string? StateReason { get; init; }

    /// <summary>The pause in force, of the loop or of its whole task; null: none.</summary>
    public TaskPause? Pause { get; init; }

    /// <summary>Why the loop ended; null while it has not.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>True when its schedule has begun since the loop last started.</summary>
    public bool HasBegun { get; init; }

    /// <summary>True when the loop waits for a slot that a step selected.</summary>
    public bool IsChosen { get; init; }

    /// <summary>The next slot as far as it can be foreseen; null: none.</summary>
    public DateTimeOffset? Next { get; init; }

    public IReadOnlyList<RunningSlot> Running { get; init; } = [];

    /// <summary>How far the wall clock is ahead of the loop's clock, on which its slots are.</summary>
    public TimeSpan Ahead { get; init; }
}
