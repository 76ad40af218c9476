namespace SafeLoop;

/// <summary>
/// The times of a matching day: each matching hour with each matching minute and second. Counts times without visiting them.
/// </summary>
internal sealed class TimesOfDay
{
    private readonly bool[] _hours;
    private readonly bool[] _minutes;
    private readonly bool[] _seconds;

    /// <param name="schedule">The schedule.</param>
    /// <param name="match">
    /// A matching time. The matching hours, minutes and seconds are found on its day, in its hour, and in its minute.
    /// </param>
    internal TimesOfDay(LocalSchedule schedule, long match)
    {
        _hours = Matching(schedule, match - (match % TimeSpan.TicksPerDay), TimeSpan.TicksPerHour, 24);
        _minutes = Matching(schedule, match - (match % TimeSpan.TicksPerHour), TimeSpan.TicksPerMinute, 60);
        _seconds = Matching(schedule, match - (match % TimeSpan.TicksPerMinute), TimeSpan.TicksPerSecond, 60);
    }

    /// <summary>The number of times before a time of day; for 24:00, all of them.</summary>
    internal long Before(long timeOfDay)
    {
        // Rounds up, so that a time counts as before from the next tick on.
        var seconds = (timeOfDay + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        var (hour, minute, second) = ((int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
        var perMinute = Count(_seconds, 60);
        var perHour = Count(_minutes, 60) * perMinute;

        var count = Count(_hours, hour) * perHour;
        if (hour < 24 && _hours[hour])
            count += (Count(_minutes, minute) * perMinute) + (_minutes[minute] ? Count(_seconds, second) : 0);
        return count;
    }

    private static bool[] Matching(LocalSchedule schedule, long start, long unit, int units)
    {
        var matching = new bool[units];
        for (var i = 0; i < units; i++)
            matching[i] = schedule.AtOrAfter(start + (i * unit)) < start + ((i + 1) * unit);
        return matching;
    }

    private static long Count(bool[] matching, int before)
    {
        var count = 0L;
        for (var i = 0; i < before; i++)
            count += matching[i] ? 1 : 0;
        return count;
    }
}
