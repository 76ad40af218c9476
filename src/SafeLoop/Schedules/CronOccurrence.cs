namespace SafeLoop;

/// <summary>An occurrence of a schedule, with the zone's offset, and the effect of daylight saving on it.</summary>
internal readonly record struct CronOccurrence(DateTimeOffset Instant, DaylightReason Reason)
{
    internal static CronOccurrence At(long utcTicks, long offsetTicks, DaylightReason reason) =>
        new(new DateTimeOffset(utcTicks + offsetTicks, new TimeSpan(offsetTicks)), reason);
}
