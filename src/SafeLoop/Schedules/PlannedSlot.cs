namespace SafeLoop;

/// <summary>The next slot of a loop.</summary>
/// <param name="Slot">Its nominal time.</param>
/// <param name="Due">When it is due, after jitter.</param>
/// <param name="BySchedule">True when the schedule selected it. False: a step did, or it is the start.</param>
internal readonly record struct PlannedSlot(Instant Slot, Instant Due, bool BySchedule)
{
    /// <summary>There is no next slot.</summary>
    public static PlannedSlot None { get; } = new(Instant.Never, Instant.Never, false);

    public bool Exists => !Slot.IsNever;
}
