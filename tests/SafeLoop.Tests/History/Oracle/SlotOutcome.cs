namespace SafeLoop.Tests.History.Oracle;

/// <summary>How a slot ended, as the model has it.</summary>
internal sealed record SlotOutcome(DateTimeOffset Slot, IterationOutcome Outcome, OutcomeReason Reason, DateTimeOffset Noticed)
{
    /// <summary>When the iteration ended; the slot's own time for what was skipped.</summary>
    public DateTimeOffset Ended { get; init; } = Noticed;

    public TaskPause? Pause { get; init; }

    public int FailuresBefore { get; init; }

    /// <summary>The task that held the lock, and the slot for which it did.</summary>
    public (string Task, DateTimeOffset Slot)? Holder { get; init; }

    /// <summary>When it came due while another was running, and waited for the end of that one; null: it did not.</summary>
    public DateTimeOffset? Queued { get; init; }

    /// <summary>True when the step selected the next slot.</summary>
    public bool HasChosen { get; init; }

    /// <summary>After a failure with a back-off, or a choice, no slot is due before this.</summary>
    public DateTimeOffset? PutOffTo { get; init; }

    public bool Ran => Outcome is not IterationOutcome.Skipped;
}
