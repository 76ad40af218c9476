using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>A recurring task as it was at one moment; for a keyed task, the totals of all its keys.</summary>
/// <remarks>
/// <para>
/// A key that was never controlled through a handle (<see cref="IRecurringTaskKeys{TTask, TKey}.Find"/>) keeps no records, so
/// its snapshot has only these values: the number of iterations, the failures in a row, how and when the last slot ended, the
/// last success when nothing came after it and, while the key fails, the failures since the last success with the last record
/// and error. Other counts are 0, and other values are null.
/// </para>
/// <para>
/// System.Text.Json writes and reads it, also with source generation: enums by name, errors as text. What is read has no
/// <see cref="LastException"/>.
/// </para>
/// </remarks>
public sealed record RecurringTaskSnapshot
{
    /// <summary>The task's name.</summary>
    /// <value>The default is an empty text.</value>
    public string Name { get; init; } = "";

    /// <summary>
    /// For one key of a keyed task, the text of the key as in logs: one line of at most 200 characters. Null otherwise.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The state of the task.</summary>
    /// <value>The default is <see cref="RecurringTaskState.NotStarted"/>.</value>
    public RecurringTaskState State { get; init; }

    /// <summary>
    /// A sentence about the state: why it is disabled, paused or ended, what its delay policy did wrong, until when it waits for
    /// a wall clock that was set back, or what blocks it. Null when there is none.
    /// </summary>
    public string? StateReason { get; init; }

    /// <summary>The pause: why, by whom, since and until when. Null when it is not paused.</summary>
    public TaskPause? Pause { get; init; }

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
    /// How many iterations in a row have failed or timed out; for a keyed task, the maximum over all keys whose loops have not
    /// ended.
    /// </summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>How many iterations are running.</summary>
    public int Running { get; init; }

    /// <summary>Since when the oldest running iteration has been running; null when none is.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>The last record; null before the first.</summary>
    public IterationRecord? Last { get; init; }

    /// <summary>How the last slot ended; null before the first.</summary>
    public IterationOutcome? LastOutcome { get; init; }

    /// <summary>When the last iteration ended, or the last slot was skipped; null before that.</summary>
    public DateTimeOffset? LastEnded { get; init; }

    /// <summary>When the last success ended; null before the first.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>
    /// The last exception of a failed iteration; null before the first, and when only its text is kept. JSON has
    /// <see cref="LastError"/> instead.
    /// </summary>
    [JsonIgnore]
    public Exception? LastException { get; init; }

    /// <summary>
    /// The type and message of the last exception of a failed iteration, cut after 1,000 characters; null before the first.
    /// </summary>
    /// <remarks>Derived from <see cref="LastException"/>. Where that is null, the text that was set.</remarks>
    public string? LastError
    {
        get => ErrorText.Format(LastException) ?? field;
        init;
    }

    /// <summary>The next slot; null while none is planned.</summary>
    public DateTimeOffset? NextSlot { get; init; }

    /// <summary>For a keyed task as a whole, how many keys it has and in which states; null otherwise.</summary>
    public KeyCounts? Keys { get; init; }

    /// <summary>
    /// What is wrong with the task's configuration, while it cannot be used and older options stay in force. Null otherwise. A
    /// change by hand does not clear it.
    /// </summary>
    public string? RejectedChange { get; init; }

    /// <summary>
    /// The stored change from which its options come: what, why, by whom and since when. Null while code and configuration alone
    /// decide, and after a change that is not stored.
    /// </summary>
    public TaskChange? Change { get; init; }
}
