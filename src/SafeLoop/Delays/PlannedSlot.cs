namespace SafeLoop;

/// <summary>The next slot: its nominal time, when it is due after jitter, and whether the schedule chose it (a step or the start may have).</summary>
internal readonly record struct PlannedSlot(Instant Slot, Instant Due, bool BySchedule)
{
    /// <summary>There is no next slot.</summary>
    public static PlannedSlot None { get; } = new(Instant.Never, Instant.Never, false);

    public bool Exists => !Slot.IsNever;

    /// <summary>The delay policy gave no sound answer; this is when the loop asks it again.</summary>
    public bool IsStopgap { get; init; }
}
