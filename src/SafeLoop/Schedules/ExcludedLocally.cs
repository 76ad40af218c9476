namespace SafeLoop;

/// <summary>
/// Excluded days and hours in the local time of a zone. Works in stretches of constant UTC offset, in which local time advances
/// like UTC.
/// </summary>
/// <param name="zone">The zone.</param>
/// <param name="stretchAt">Returns the stretch that contains a local time, both in local ticks.</param>
internal sealed class ExcludedLocally(CronZone zone, Func<long, Stretch> stretchAt) : IExcluded
{
    public Stretch At(long instant)
    {
        if (zone.IsUtc)
            return stretchAt(instant);
        var interval = zone.At(instant);
        var local = stretchAt(instant + interval.Offset);
        var (start, end) = (local.Start - interval.Offset, local.End - interval.Offset);
        return new(local.IsExcluded, Math.Max(start, interval.Start), Math.Min(end, interval.End));
    }

    public static Stretch Hours(TimeOnly from, TimeSpan length, long local)
    {
        var since = (local - from.Ticks) % TimeSpan.TicksPerDay;
        var begins = local - (since < 0 ? since + TimeSpan.TicksPerDay : since);
        return local < begins + length.Ticks
            ? new(true, begins, begins + length.Ticks)
            : new(false, 0, begins + TimeSpan.TicksPerDay);
    }

    public static Stretch Day(Func<DateOnly, bool> isExcluded, long local)
    {
        // Rounds down, because the zone's offset may lead before the year 1.
        var day = (long)Math.Floor((decimal)local / TimeSpan.TicksPerDay);
        var date = DateOnly.FromDayNumber((int)Math.Clamp(day, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
        return new(isExcluded(date), day * TimeSpan.TicksPerDay, (day + 1) * TimeSpan.TicksPerDay);
    }
}
