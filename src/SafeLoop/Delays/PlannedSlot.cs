namespace SafeLoop;

/// <summary>The next slot: its nominal time, when it is due after jitter, and whether the schedule chose it (a step or the start may have).</summary>
internal readonly record struct PlannedSlot(DateTimeOffset Slot, DateTimeOffset Due, bool BySchedule);
