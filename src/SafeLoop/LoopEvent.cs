using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>An event of a loop. Logs, metrics, health and tests are derived from these events.</summary>
public readonly struct LoopEvent
{
    private readonly IterationRecord _record;

    /// <summary>The kind of the event.</summary>
    public LoopEventKind Kind { get; init; }

    /// <summary>The name of the recurring task.</summary>
    /// <value>The default is an empty text.</value>
    public string TaskName
    {
        get => field ?? "";
        init;
    }

    /// <summary>The key of the loop of a keyed task; null otherwise. A key of a value type is boxed at each read.</summary>
    [JsonIgnore]
    public object? Key => Keyed?.Key;

    /// <summary>
    /// The text of <see cref="Key"/> as in logs: one line of at most 200 characters. Null when there is no key.
    /// </summary>
    public string? KeyText => Keyed is null ? null : LoopName.FormatKey(Keyed.Key);

    internal IKeyed? Keyed { get; init; }

    /// <summary>
    /// The slot's record for <see cref="LoopEventKind.IterationEnded"/>. Number, slot and start of the iteration for <see
    /// cref="LoopEventKind.IterationStarted"/>, <see cref="LoopEventKind.IterationStuck"/> and <see
    /// cref="LoopEventKind.IterationUnstuck"/>. The default value, with the outcome <see cref="IterationOutcome.None"/>, for
    /// other events.
    /// </summary>
    public IterationRecord Record
    {
        get => _record;
        init => _record = value;
    }

    /// <summary>A reference to <see cref="Record"/>, which avoids a copy.</summary>
    [UnscopedRef]
    internal ref readonly IterationRecord TheRecord => ref _record;

    /// <summary>The first of several slots that one record covers; <see cref="Instant.None"/> when it is not known.</summary>
    internal Instant FirstSlot { get; init; }

    /// <summary>The fencing token of the lock or, where it was refused, of its holder; 0: none, or not known.</summary>
    internal long FencingToken { get; init; }

    /// <summary>The id of the trace of an iteration that did not succeed; null: none.</summary>
    internal string? TraceId { get; init; }

    /// <summary>How many iterations in a row have failed.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>What this failure does to the loop, or why the loop has ended.</summary>
    internal FailureConsequence Consequence { get; init; }

    /// <summary>
    /// For <see cref="LoopEventKind.IterationEnded"/> with a success: how many iterations in a row had failed before it.
    /// 0 when none had, and for all other events.
    /// </summary>
    public int FailuresBefore { get; init; }

    /// <summary>
    /// The time from the end of the first of these failures to the end of this success. Null when <see cref="FailuresBefore"/>
    /// is 0, and for a key that began to fail while 1,000 others were failing.
    /// </summary>
    public TimeSpan? FailingFor { get; init; }

    /// <summary>The exception; null when none was thrown.</summary>
    [JsonIgnore]
    public Exception? Exception { get; init; }

    /// <summary>The type and message of <see cref="Exception"/>, cut after 1,000 characters; null when there is none.</summary>
    public string? Error => ErrorText.Format(Exception);

    /// <summary>The pause that began, or with which the loop ended; null for other events.</summary>
    internal TaskPause? Pause { get; init; }

    /// <summary>Who resumed the task; null: not stated, or another event.</summary>
    internal string? ResumedBy { get; init; }

    /// <summary>
    /// True when the store gets the pause of a key, or its end, with the state of the key and not as a command: it followed
    /// failures, or its time has passed.
    /// </summary>
    internal bool IsPauseOfState { get; init; }

    /// <summary>True when a pause or its end comes from the store.</summary>
    internal bool IsFromStore { get; init; }

    /// <summary>Why the loop ended, for <see cref="LoopEventKind.LoopEnded"/>; null otherwise.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>
    /// What failed, for <see cref="LoopEventKind.Fault"/>; <see cref="FaultKind.None"/> for all other events.
    /// </summary>
    public FaultKind FaultKind { get; init; }

    /// <summary>A reason or an explanation in words; null when there is none.</summary>
    public string? Text { get; init; }
}
