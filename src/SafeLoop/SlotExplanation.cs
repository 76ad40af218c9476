namespace SafeLoop;

/// <summary>What a task did at an instant, and why it did not run: a sentence, and the evidence for it.</summary>
public sealed record SlotExplanation
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null for an ordinary task.</summary>
    public string? Key { get; init; }

    /// <summary>The instant that is explained.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>The explanation in one sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The case that the sentence describes.</summary>
    public SlotFinding Finding { get; init; }

    /// <summary>
    /// The outcome of the slot at this instant; null when there was no slot, or its outcome is not known any more.
    /// </summary>
    public HistoryEntry? Entry { get; init; }

    /// <summary>
    /// When the cause began: the pause, the excluded time, the failure before a back-off, the end of the loop, the iteration
    /// that is running. For <see cref="OutcomeReason.HostDown"/> and <see cref="OutcomeReason.HostLost"/>, when the last sign of
    /// the host was recorded. Null: there is none, or it is not known.
    /// </summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>
    /// When the cause ended or will end: the pause, the excluded time, the back-off. For a slot that was noticed too late or
    /// came due while no host was running, when it was noticed. For what lies before the task or its schedule, when that began.
    /// Null: there is none, or it is not known.
    /// </summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// The cause in words, where there is more to say than the case: the exclusion, the holder of the lock, what disabled the
    /// task, why a slot was noticed too late, why the loop ended. Null otherwise.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>
    /// The pause that skipped the slot; for an instant that is yet to come, the pause in force. Null: none, or not known.
    /// </summary>
    public TaskPause? Pause { get; init; }

    /// <summary>
    /// For an iteration that failed or timed out, how many in a row had done so before it; for a back-off, how many before it.
    /// Null otherwise, and when the records do not reach back to the last success.
    /// </summary>
    public int? FailuresBefore { get; init; }

    /// <summary>Why the loop had ended; null: it had not, or the explanation is about something else.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>The last slot before the instant; null: none, or not known.</summary>
    public DateTimeOffset? SlotBefore { get; init; }

    /// <summary>The first slot after the instant; null: none, or not known.</summary>
    public DateTimeOffset? SlotAfter { get; init; }

    /// <summary>How the daylight saving rules affect the instant.</summary>
    public DaylightReason Daylight { get; init; }
}
