namespace SafeLoop;

/// <summary>The history of a loop that a delay policy may use. Instants are in UTC, on the clock of the loop.</summary>
/// <remarks>Not thread-safe: read it only inside <see cref="IDelayPolicy.Next"/>.</remarks>
public sealed class LoopHistory
{
    internal LoopState State;

    internal LoopHistory()
    {
    }

    /// <summary>
    /// The start of the present schedule: the loop's start (with <c>StartAfter</c> and <c>Spread</c>), or the change of its
    /// options.
    /// </summary>
    public DateTimeOffset PlannedFrom => State.From.ToDateTimeOffset();

    /// <summary>The last slot, run or skipped; null before the first. Runs by hand do not count.</summary>
    public DateTimeOffset? LastSlot => State.Slot.ToNullable();

    /// <summary>
    /// The last slot that the policy itself chose. It differs from <see cref="LastSlot"/> after a step chose a slot.
    /// </summary>
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
