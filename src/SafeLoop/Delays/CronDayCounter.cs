namespace SafeLoop;

/// <summary>
/// Counts the occurrences of whole days at once. The times of a day are the same on every day that has any, except near a change of the
/// clock; so a machine that was suspended for a week, or whose clock starts in 1970, does not have to be walked second by second.
/// </summary>
internal sealed class CronDayCounter(LocalSchedule schedule, CronZone zone)
{
    // How far from a change of the clock its daylight rule may reach: zones have skipped a whole day.
    private const long Margin = 2 * TimeSpan.TicksPerDay;

    private TimesOfDay? _times;

    /// <summary>The occurrences of the local day that begins with this one.</summary>
    /// <returns>Null when it is not the first of its day, when the day is not over by <paramref name="upTo"/>, or when a change of the clock is near.</returns>
    public DueSlots? DayFrom(long instant, long upTo)
    {
        var interval = zone.At(instant);
        var midnight = instant + interval.Offset - ((instant + interval.Offset) % TimeSpan.TicksPerDay);
        var end = midnight + TimeSpan.TicksPerDay;
        if (end - interval.Offset > upTo || !IsFarFromChanges(interval, midnight, end))
            return null;

        var times = _times ??= ReadTimes(midnight, end);
        return instant + interval.Offset - midnight == times.First
            ? new(times.Count, new(midnight + times.Last - interval.Offset, TimeSpan.Zero))
            : null;
    }

    private bool IsFarFromChanges(OffsetInterval interval, long midnight, long end) =>
        zone.IsUtc || (interval.LocalStart + Margin <= midnight && end + Margin <= interval.LocalEnd);

    private TimesOfDay ReadTimes(long midnight, long end)
    {
        var (first, last, count) = (schedule.AtOrAfter(midnight), 0L, 0L);
        for (var local = first; local < end; local = schedule.AtOrAfter(local + 1))
            (last, count) = (local, count + 1);
        return new(first - midnight, last - midnight, count);
    }

    private sealed record TimesOfDay(long First, long Last, long Count);
}
