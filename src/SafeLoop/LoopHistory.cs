namespace SafeLoop;

/// <summary>What a delay policy may know of the past. Instants are in UTC, on the clock the loop follows.</summary>
/// <remarks>Not thread-safe: read it only inside <see cref="IDelayPolicy.Next"/>.</remarks>
public sealed class LoopHistory
{
    internal LoopState State;

    internal LoopHistory()
    {
    }

    /// <summary>From when on the present schedule counts: the loop's start (with <c>StartAfter</c> and <c>Spread</c>), or when its options changed.</summary>
    public DateTimeOffset PlannedFrom => State.From.ToDateTimeOffset();

    /// <summary>The last slot, whether it ran or was skipped; null before the first. Runs by hand have no slot of the schedule.</summary>
    public DateTimeOffset? LastSlot => State.Slot.ToNullable();

    /// <summary>The last slot the policy itself chose; differs from <see cref="LastSlot"/> after a step chose one.</summary>
    public DateTimeOffset? LastPlannedSlot => State.Planned.ToNullable();

    /// <summary>When the last iteration ended, or the last slot was skipped; null before that.</summary>
    public DateTimeOffset? LastEnded => State.Ended.ToNullable();

    /// <summary>How the last slot ended; null before the first end.</summary>
    public IterationOutcome? LastOutcome => State.Ended.IsNone ? null : State.Outcome;

    /// <summary>How many iterations have started.</summary>
    public long Iterations => State.Iterations;

    /// <summary>How many iterations in a row have failed or timed out; 0 after a success.</summary>
    public int ConsecutiveFailures => State.ConsecutiveFailures;
}
