namespace SafeLoop;

/// <summary>The next slot of a loop.</summary>
/// <param name="Slot">The nominal time.</param>
/// <param name="Due">The time at which it is due, after jitter.</param>
/// <param name="IsBySchedule">True when the schedule selected it. False: a step selected it, or it is the start.</param>
internal readonly record struct PlannedSlot(Instant Slot, Instant Due, bool IsBySchedule)
{
    /// <summary>Means that there is no next slot.</summary>
    public static PlannedSlot None { get; } = new(Instant.Never, Instant.Never, false);

    public bool Exists => !Slot.IsNever;
}
