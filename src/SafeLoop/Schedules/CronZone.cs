namespace SafeLoop;

/// <summary>A zone as a sequence of <see cref="OffsetInterval"/>s, with the years last asked for at hand. Thread-safe.</summary>
internal sealed class CronZone(TimeZoneInfo zone)
{
    internal static readonly CronZone Utc = new(TimeZoneInfo.Utc);

    // By year, modulo: a schedule that looks centuries ahead overwrites instead of growing.
    private readonly OffsetYear?[] _years = new OffsetYear?[64];

    internal TimeZoneInfo Info => zone;

    /// <summary>Local time is UTC: nothing needs to be looked up.</summary>
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
