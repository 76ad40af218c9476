using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>A recurring task as it was at one moment. Of a keyed task, the totals of all its keys.</summary>
/// <remarks>
/// <para>
/// Of one key without a history of its own (<see cref="IRecurringTaskKeys{TTask, TKey}.Find"/>): what its loop remembers, which
/// is the number of iterations and of failures in a row, and, while it fails, its failures since the last success with the last
/// record. Other counts are 0 and the last success is null.
/// </para>
/// <para>
/// System.Text.Json writes it, also with source generation: values of enums by name, errors as text. It is not read back.
/// </para>
/// </remarks>
public sealed record RecurringTaskSnapshot
{
    internal RecurringTaskSnapshot()
    {
    }

    /// <summary>The task's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it was doing.</summary>
    public required RecurringTaskState State { get; init; }

    /// <summary>
    /// Why it is paused, disabled or ended, what its delay policy did wrong, until when it waits for a wall clock that was set
    /// back, or what blocks it, in words; null when there is nothing to say.
    /// </summary>
    public string? StateReason { get; init; }

    /// <summary>Why its loop ended; null while it has not.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>How many iterations have started.</summary>
    public long Iterations { get; init; }

    /// <summary>How many have succeeded.</summary>
    public long Succeeded { get; init; }

    /// <summary>How many have failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many exceeded their time limit.</summary>
    public long TimedOut { get; init; }

    /// <summary>How many were interrupted.</summary>
    public long Interrupted { get; init; }

    /// <summary>How many slots were skipped, for whatever reason.</summary>
    public long Skipped { get; init; }

    /// <summary>How many of the skipped slots were missed: noticed too late.</summary>
    public long Missed { get; init; }

    /// <summary>
    /// How many iterations in a row have failed or timed out; of a keyed task, the most of any key whose loop has not ended.
    /// </summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>How many iterations are running.</summary>
    public int Running { get; init; }

    /// <summary>Since when the oldest running iteration has been running; null when none is.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>The last record; null before the first.</summary>
    public IterationRecord? Last { get; init; }

    /// <summary>How the last slot ended; null before the first.</summary>
    public IterationOutcome? LastOutcome => Last?.Outcome;

    /// <summary>When the last success ended; null before the first.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The last exception of a failed iteration; null before the first. In JSON <see cref="LastError"/> stands for it.</summary>
    [JsonIgnore]
    public Exception? LastException { get; init; }

    /// <summary>The type and message of <see cref="LastException"/>, cut after 1,000 characters; null before the first.</summary>
    public string? LastError => ErrorText.Of(LastException);

    /// <summary>The next slot, as far as it is known; null while none is planned.</summary>
    public DateTimeOffset? NextSlot { get; init; }

    /// <summary>Of a keyed task as a whole, how many keys it has and in what state; null otherwise.</summary>
    public KeyCounts? Keys { get; init; }

    /// <summary>
    /// What is wrong with the task in the configuration, while the configuration cannot be used and older options are in force; null
    /// otherwise. A change by hand does not clear it.
    /// </summary>
    public string? RejectedChange { get; init; }
}
