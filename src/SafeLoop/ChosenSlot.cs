namespace SafeLoop;

/// <summary>The next slot as a step chose it: so long after the iteration's end, or at an instant of the wall clock.</summary>
internal readonly record struct ChosenSlot(TimeSpan? Delay, DateTimeOffset? Instant);
