namespace SafeLoop;

/// <summary>The next slot that a step chose: a delay after the end of the iteration, or an instant of the wall clock.</summary>
internal readonly record struct ChosenSlot(TimeSpan? Delay, DateTimeOffset? Instant);
