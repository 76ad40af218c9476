namespace SafeLoop;

/// <summary>A slot to come.</summary>
/// <param name="Slot">Its nominal time in UTC, before jitter.</param>
/// <param name="Daylight">What daylight saving did to it; <see cref="DaylightReason.None"/> for most.</param>
/// <param name="Zone">
/// The id of the time zone the schedule is read in, the real one where it says <c>Local</c>; null for a schedule without a zone.
/// </param>
public readonly record struct UpcomingSlot(DateTimeOffset Slot, DaylightReason Daylight, string? Zone);
