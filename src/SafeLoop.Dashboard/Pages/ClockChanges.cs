namespace SafeLoop.Dashboard;

/// <summary>Finds when clocks change.</summary>
internal static class ClockChanges
{
    /// <summary>Finds the changes of a zone within a span.</summary>
    public static IEnumerable<(DateTimeOffset At, TimeSpan Before, TimeSpan After)> Find(
        TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        for (var at = from; at < to; at = at.AddHours(12))
        {
            var end = at.AddHours(12) < to ? at.AddHours(12) : to;
            var (before, after) = (zone.GetUtcOffset(at), zone.GetUtcOffset(end));
            if (before != after)
                yield return (FindWithin(zone, at, end, before), before, after);
        }
    }

    private static DateTimeOffset FindWithin(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to, TimeSpan before)
    {
        while (to - from > TimeSpan.FromMinutes(1))
        {
            var middle = from + ((to - from) / 2);
            (from, to) = zone.GetUtcOffset(middle) == before ? (middle, to) : (from, middle);
        }
        return new(to.Ticks - (to.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
    }
}
