namespace SafeLoop;

/// <summary>
/// A time zone as a sequence of <see cref="OffsetInterval"/>s, with a cache of recently used years. Thread-safe.
/// </summary>
internal sealed class CronZone(TimeZoneInfo zone)
{
    internal static readonly CronZone Utc = new(TimeZoneInfo.Utc);

    // Indexed by the year modulo the length: a search centuries ahead overwrites entries instead of growing the cache.
    private readonly OffsetYear?[] _years = new OffsetYear?[64];

    internal TimeZoneInfo Info => zone;

    /// <summary>True when local time is UTC, so that no lookup is needed.</summary>
    internal bool IsUtc { get; } = zone.HasSameRules(TimeZoneInfo.Utc);

    /// <summary>The interval that contains an instant (UTC ticks).</summary>
    internal OffsetInterval At(long instant)
    {
        var calendarYear = new DateTime(instant).Year;
        var year = Year(calendarYear);
        return (instant < year.Start ? Year(calendarYear - 1) : year).At(instant);
    }

    private OffsetYear Year(int year)
    {
        ref var place = ref _years[year % _years.Length];
        var found = Volatile.Read(ref place);
        if (found is not null && found.Year == year) return found;

        found = new OffsetYear(zone, year);
        Volatile.Write(ref place, found);
        return found;
    }
}
