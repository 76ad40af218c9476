namespace SafeLoop;

/// <summary>A slot to come.</summary>
/// <param name="Slot">Its nominal time in UTC, before jitter.</param>
/// <param name="Daylight">What daylight saving did to it; <see cref="DaylightReason.None"/> for most.</param>
/// <param name="Zone">
/// The id of the time zone of the schedule; for <c>Local</c> the id of the machine's zone. Null for a schedule without a zone.
/// </param>
public readonly record struct UpcomingSlot(DateTimeOffset Slot, DaylightReason Daylight, string? Zone);
