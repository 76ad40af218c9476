namespace SafeLoop.Storage;

/// <summary>The stored state of one loop.</summary>
public sealed record StoredLoop
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null for the loop of an ordinary task, or for a keyed task as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>The schedule by which the last slot was planned; null: unknown.</summary>
    public string? Schedule { get; init; }

    /// <summary>The last slot that was claimed or recorded; null: none.</summary>
    public DateTimeOffset? LastSlot { get; init; }

    /// <summary>When the last iteration ended, or the last slot was skipped; null: never.</summary>
    public DateTimeOffset? LastEnded { get; init; }

    /// <summary>How the last slot ended; <see cref="IterationOutcome.None"/> before the first.</summary>
    public IterationOutcome LastOutcome { get; init; }

    /// <summary>When the last success ended; null: never.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>How many iterations in a row failed or timed out.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>How many slots ended in which outcome since the task is known.</summary>
    public OutcomeCounts Counts { get; init; }

    /// <summary>The pause; null: it is not paused.</summary>
    public TaskPause? Pause { get; init; }

    /// <summary>The stored change of its options; null: there is none. Only <c>AddCommandAsync</c> changes it.</summary>
    public TaskChange? Change { get; init; }

    /// <summary>Why the loop has ended; null: it has not. A host that starts later begins it again and clears this.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>The reason of the end in words; null: there is none.</summary>
    public string? EndReason { get; init; }
}
