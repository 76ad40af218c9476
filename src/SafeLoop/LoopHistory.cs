namespace SafeLoop;

/// <summary>What a delay policy may know of the past. Instants are in UTC, on the clock the loop follows.</summary>
/// <remarks>Not thread-safe: read it only inside <see cref="IDelayPolicy.Next"/>.</remarks>
public sealed class LoopHistory
{
    /// <summary>What the loop itself reckons with.</summary>
    internal LoopMemory Memory;

    internal LoopHistory(Instant plannedFrom) => Memory.From = plannedFrom;

    /// <summary>From when on the present schedule counts: the loop's start (with <c>StartAfter</c> and <c>Spread</c>), or when its options changed.</summary>
    public DateTimeOffset PlannedFrom => Memory.From.ToDateTimeOffset();

    /// <summary>The last slot, whether it ran or was skipped; null before the first. Runs by hand have no slot of the schedule.</summary>
    public DateTimeOffset? LastSlot => Memory.Slot.ToNullable();

    /// <summary>The last slot the policy itself chose; differs from <see cref="LastSlot"/> after a step chose one.</summary>
    public DateTimeOffset? LastPlannedSlot => Memory.Planned.ToNullable();

    /// <summary>When the last iteration ended, or the last slot was skipped; null before that.</summary>
    public DateTimeOffset? LastEnded => Memory.Ended.ToNullable();

    /// <summary>How the last slot ended; null before the first end.</summary>
    public IterationOutcome? LastOutcome => Memory.Ended.IsNone ? null : Memory.Outcome;

    /// <summary>How many iterations have started.</summary>
    public long Iterations => Volatile.Read(ref Memory.Iterations);

    /// <summary>How many iterations in a row have failed or timed out; 0 after a success.</summary>
    public int ConsecutiveFailures
    {
        get => Memory.ConsecutiveFailures;
        internal set => Memory.ConsecutiveFailures = value;
    }

    /// <summary>When the first of the failures in a row ended. Undefined while there are none, and not kept for a key.</summary>
    internal Instant FailingSince { get; set; }

    internal Instant From
    {
        get => Memory.From;
        set => Memory.From = value;
    }

    internal Instant Slot
    {
        get => Memory.Slot;
        set => Memory.Slot = value;
    }

    internal Instant Planned
    {
        get => Memory.Planned;
        set => Memory.Planned = value;
    }

    internal Instant Ended
    {
        get => Memory.Ended;
        set => Memory.Ended = value;
    }

    internal IterationOutcome Outcome
    {
        get => Memory.Outcome;
        set => Memory.Outcome = value;
    }

    internal long NextNumber() => Interlocked.Increment(ref Memory.Iterations);

    internal LoopHistory Copy() => (LoopHistory)MemberwiseClone();
}
