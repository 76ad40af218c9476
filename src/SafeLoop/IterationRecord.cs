namespace SafeLoop;

/// <summary>The outcome of one slot, or of several consecutive slots that were skipped for the same reason.</summary>
/// <remarks>
/// A small value without references to your objects, so keeping it costs the same whatever the step did. The default value
/// is not a record: its <see cref="Outcome"/> is <see cref="IterationOutcome.None"/>.
/// </remarks>
public readonly record struct IterationRecord
{
    // Instants as UTC ticks and outcomes as bytes keep a record at 56 bytes.
    private readonly long _slot;
    private readonly long _started;
    private readonly byte _outcome;
    private readonly byte _reason;
    private readonly bool _isManual;

    /// <summary>Creates a record of one slot without an outcome: <see cref="Count"/> is 1.</summary>
    public IterationRecord() => Count = 1;

    internal IterationRecord(Instant slot, Instant started, IterationOutcome outcome, OutcomeReason reason, long count)
    {
        (_slot, _started, _outcome, _reason, Count) = (slot.UtcTicks, started.UtcTicks, (byte)outcome, (byte)reason, count);
    }

    /// <summary>The iteration's number, counted from 1; 0 for a slot in which no iteration started.</summary>
    public long Number { get; init; }

    /// <summary>The nominal time at which the iteration was due; for several skipped slots, the last one.</summary>
    public DateTimeOffset Slot
    {
        get => new(_slot, TimeSpan.Zero);
        init => _slot = value.UtcTicks;
    }

    /// <summary>True for a run by hand, whose slot does not belong to the schedule (<see cref="Iteration.IsManual"/>).</summary>
    public bool IsManual
    {
        get => _isManual;
        init => _isManual = value;
    }

    /// <summary>When the iteration started, or the slot was skipped.</summary>
    public DateTimeOffset Started
    {
        get => new(_started, TimeSpan.Zero);
        init => _started = value.UtcTicks;
    }

    /// <summary>
    /// How long it took from <see cref="Started"/>, on the monotonic clock: the steps, and also its checks, the wait for its
    /// lock, retries and failure handlers. Zero for a slot that was skipped when it came due.
    /// </summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How it ended.</summary>
    public IterationOutcome Outcome
    {
        get => (IterationOutcome)_outcome;
        init => _outcome = (byte)value;
    }

    /// <summary>Why it was skipped or interrupted; <see cref="OutcomeReason.None"/> otherwise.</summary>
    public OutcomeReason Reason
    {
        get => (OutcomeReason)_reason;
        init => _reason = (byte)value;
    }

    /// <summary>
    /// The number of slots that this record covers: more than 1 when consecutive slots were skipped for the same reason.
    /// </summary>
    /// <value>1 in a new record.</value>
    public long Count { get; init; }

    /// <summary>
    /// The type and message of the exception, cut after 1,000 characters. For what was skipped, why
    /// in more words than <see cref="Reason"/>, where they are known: the pause with who set it, what disabled the task, the
    /// holder of the lock. Null otherwise.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>
    /// How long after its slot the iteration started, jitter included. Never negative; zero for a run by hand.
    /// </summary>
    public TimeSpan Lateness => _isManual ? TimeSpan.Zero : new(Math.Max(0, _started - _slot));

    internal Instant SlotAt => new(_slot);

    internal Instant StartedAt => new(_started);

    internal Instant Ended => new Instant(_started) + Elapsed;
}
