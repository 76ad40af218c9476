namespace SafeLoop;

/// <summary>
/// The intervals of constant UTC offset in about one year of a zone. Uses only the offsets of instants, because the results of
/// <see cref="TimeZoneInfo"/> for local times are wrong on Linux (dotnet/runtime#120915).
/// </summary>
internal sealed class OffsetYear
{
    // The shortest interval in the IANA database is four days (Africa/Freetown, 1939).
    private const long Probe = 12 * TimeSpan.TicksPerHour;
    private const long Calm = 3 * TimeSpan.TicksPerDay;
    private const int MostDelays = 12;

    private readonly OffsetInterval[] _intervals;

    internal OffsetYear(TimeZoneInfo zone, int year)
    {
        Year = year;
        Start = Boundary(zone, year);
        _intervals = Intervals(zone, Start, Boundary(zone, year + 1));
    }

    internal int Year { get; }

    internal long Start { get; }

    internal OffsetInterval At(long instant)
    {
        var index = 0;
        while (_intervals[index].End <= instant) index++;
        return _intervals[index];
    }

    // An interval is cut in two where two years meet. If the clock changed within hours of the cut, the other side would lose
    // the gap or overlap. Years therefore meet at the first moment of January without a change for days around it.
    private static long Boundary(TimeZoneInfo zone, int year)
    {
        if (year <= DateTime.MinValue.Year) return 0;
        if (year > DateTime.MaxValue.Year) return DateTime.MaxValue.Ticks + 1;

        var start = new DateTime(year, 1, 1).Ticks;
        for (var delays = 0; delays < MostDelays && NextChange(zone, start - Calm, start + Calm) is not null; delays++)
            start += 2 * Calm;

        return start;
    }

    private static OffsetInterval[] Intervals(TimeZoneInfo zone, long start, long end)
    {
        var intervals = new List<OffsetInterval>(4);
        var before = OffsetAt(zone, start);

        for (var from = start; from < end;)
        {
            var offset = OffsetAt(zone, from);
            var until = NextChange(zone, from, end) ?? end;
            var after = until < end ? OffsetAt(zone, until) : offset;
            intervals.Add(new OffsetInterval(from, until, offset, before, after));
            (from, before) = (until, offset);
        }

        return [.. intervals];
    }

    private static long? NextChange(TimeZoneInfo zone, long start, long end)
    {
        var offset = OffsetAt(zone, start);
        for (var low = start; low < end - 1; low += Probe)
        {
            var high = Math.Min(low + Probe, end - 1);
            if (OffsetAt(zone, high) != offset) return Bisect(zone, low, high, offset);
        }

        return null;
    }

    private static long Bisect(TimeZoneInfo zone, long low, long high, long offset)
    {
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (OffsetAt(zone, middle) == offset) low = middle;
            else high = middle;
        }

        return high;
    }

    private static long OffsetAt(TimeZoneInfo zone, long instant) =>
        zone.GetUtcOffset(new DateTimeOffset(instant, TimeSpan.Zero)).Ticks;
}
