namespace SafeLoop;

/// <summary>A slot to come.</summary>
/// <param name="Slot">Its nominal time in UTC, before jitter.</param>
/// <param name="Daylight">What daylight saving did to it; <see cref="DaylightReason.None"/> for most.</param>
public readonly record struct UpcomingSlot(DateTimeOffset Slot, DaylightReason Daylight);
