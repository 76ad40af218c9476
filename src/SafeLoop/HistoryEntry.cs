namespace SafeLoop;

/// <summary>One row of history: the outcome of a slot, or of several consecutive slots with the same outcome.</summary>
public sealed record HistoryEntry
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null for an ordinary task.</summary>
    public string? Key { get; init; }

    /// <summary>The outcome. <see cref="IterationRecord.Slot"/> is the last of several slots.</summary>
    public required IterationRecord Record { get; init; }

    /// <summary>The first of several slots; null when the entry is about one, or the first is unknown.</summary>
    public DateTimeOffset? FirstSlot { get; init; }

    /// <summary>
    /// The longest of several iterations, whose <see cref="IterationRecord.Elapsed"/> is the sum; zero for one iteration.
    /// </summary>
    public TimeSpan LongestElapsed { get; init; }

    /// <summary>The host; <see cref="Guid.Empty"/> when it is unknown or there is no store.</summary>
    public Guid Instance { get; init; }

    /// <summary>The type of the exception; null: none was thrown.</summary>
    public string? ErrorType { get; init; }

    /// <summary>
    /// The exception with its stack trace, stored once for all alike; null: none was thrown, or there is no store.
    /// </summary>
    public string? ErrorDetails { get; init; }

    /// <summary>
    /// The fencing token of the lock; for a slot that was skipped because the lock was held, that of its holder. 0: none, or not
    /// known. The store keeps it for rows of one slot, and memory for unsuccessful slots.
    /// </summary>
    public long FencingToken { get; init; }

    /// <summary>
    /// The id of the trace of the iteration, as 32 hexadecimal digits in lower case; null: none. An iteration has a trace while
    /// something listens to the activity source <c>SafeLoop</c>. It is kept for iterations that failed, timed out or were
    /// interrupted.
    /// </summary>
    public string? TraceId { get; init; }
}
