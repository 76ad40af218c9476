namespace SafeLoop;

/// <summary>A run that starts as soon as it can: of a due slot, or by hand.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Manual">The run by hand; null: a slot that came due.</param>
/// <param name="IsChosen">True when a step selected the slot, or it is the start.</param>
internal readonly record struct PendingRun(Instant Slot, ManualRun? Manual = null, bool IsChosen = false)
{
    /// <summary>True when the schedule selected the slot.</summary>
    public bool IsOnSchedule => Manual is null && !IsChosen;

    /// <summary>True when its caller has cancelled it.</summary>
    public bool IsCancelled => Manual is { IsCancelled: true };
}
