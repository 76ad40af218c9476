namespace SafeLoop;

/// <summary>A time a schedule is due, carrying the zone's offset, and what daylight saving did to it.</summary>
internal readonly record struct CronOccurrence(DateTimeOffset Instant, DaylightReason Reason)
{
    internal static CronOccurrence At(long utcTicks, long offsetTicks, DaylightReason reason) =>
        new(new DateTimeOffset(utcTicks + offsetTicks, new TimeSpan(offsetTicks)), reason);
}
