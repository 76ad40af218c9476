namespace SafeLoop;

/// <summary>A queued run: of a due slot, or by hand.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Manual">The run by hand; null: a slot that came due.</param>
/// <param name="IsChosen">True when a step selected the slot, or it is the start.</param>
internal readonly record struct PendingRun(Instant Slot, ManualRun? Manual = null, bool IsChosen = false)
{
    /// <summary>True when the schedule selected the slot.</summary>
    public bool IsOnSchedule => Manual is null && !IsChosen;

    /// <summary>True for a run by hand that its caller has cancelled.</summary>
    public bool IsCancelled => Manual is { IsCancelled: true };
}
