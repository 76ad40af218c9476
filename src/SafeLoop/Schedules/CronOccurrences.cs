namespace SafeLoop;

/// <summary>
/// The occurrences of a schedule in a zone, searched interval by interval. Every step of a search continues with a later (or
/// earlier) interval, so it ends.
/// </summary>
internal sealed class CronOccurrences(LocalSchedule schedule, CronZone zone, DaylightRule rule)
{
    // Offsets are within ±14 hours, so a local time is within that distance of its instant, and two clocks differ by at most
    // twice that.
    private const long FurthestOffset = 15 * TimeSpan.TicksPerHour;
    private const long FurthestClocks = 2 * FurthestOffset;

    // The calendar and the permanent rules of every zone repeat after 400 years. The last rules for single years end in 2087.
    private const long Cycle = 401 * 366 * TimeSpan.TicksPerDay;
    private static readonly long StandingRules = new DateTime(2100, 1, 1).Ticks;

    private readonly IntervalOccurrences _occurrences = new(schedule, rule);

    /// <summary>The first occurrence at or after an instant (UTC ticks), or null.</summary>
    internal CronOccurrence? AtOrAfter(long instant)
    {
        if (zone.IsUtc) return InUtc(schedule.AtOrAfter(instant));

        var horizon = Math.Min(Math.Max(instant, StandingRules) + Cycle, DateTime.MaxValue.Ticks);
        while (instant <= horizon)
        {
            var interval = zone.At(instant);
            if (_occurrences.AtOrAfter(interval, instant) is { } found) return found;

            var local = schedule.AtOrAfter(interval.LocalEnd - FurthestClocks);
            if (local == LocalSchedule.NoneAfter) return null;
            instant = Math.Max(interval.End, local - FurthestOffset);
        }

        return null;
    }

    /// <summary>The last occurrence before an instant (UTC ticks), or null.</summary>
    internal CronOccurrence? Before(long instant)
    {
        if (zone.IsUtc) return InUtc(schedule.Before(instant));

        while (instant > 0)
        {
            var interval = zone.At(instant - 1);
            if (_occurrences.Before(interval, instant) is { } found) return found;

            var local = schedule.Before(interval.LocalStart + FurthestClocks);
            if (local == LocalSchedule.NoneBefore) return null;
            instant = Math.Min(interval.Start, local + FurthestOffset);
        }

        return null;
    }

    /// <summary>The number of occurrences from one occurrence up to and including an instant.</summary>
    internal long Count(long first, long upTo)
    {
        if (zone.IsUtc) return schedule.Count(first, upTo + 1);

        var count = 0L;
        for (long? at = first; at <= upTo;)
        {
            var interval = zone.At(at.Value);
            if (interval.BeginsWithGap && at < interval.Start + interval.Offset - interval.OffsetBefore)
            {
                count++; // one by one where a gap may have moved occurrences
                at = AtOrAfter(at.Value + 1)?.Instant.UtcTicks;
                continue;
            }

            var end = Math.Min(upTo + 1, interval.End);
            count += schedule.Count(
                Math.Max(at.Value + interval.Offset, rule.FirstLocal(interval)),
                Math.Min(end + interval.Offset, rule.EndLocal(interval)));
            at = AtOrAfter(end)?.Instant.UtcTicks;
        }
        return count;
    }

    /// <summary>
    /// The time of the schedule that is no occurrence at this instant (UTC ticks) because of daylight saving: by the clock before
    /// a gap, or by the clock of the pass in which a repeated time does not run.
    /// </summary>
    internal DroppedTime? DroppedAt(long instant)
    {
        if (zone.IsUtc) return null;

        var interval = zone.At(instant);
        var before = instant + interval.OffsetBefore;
        if (interval.BeginsWithGap && before < interval.LocalStart && IsDue(before))
            return new(before, DaylightReason.ShiftedToGapEnd, rule.Skipped is SkippedTime.Skip ? null : interval.Start);

        var local = instant + interval.Offset;
        if (local < rule.FirstLocal(interval) && local >= interval.LocalStart && IsDue(local))
            return new(local, DaylightReason.SecondPass, local - interval.OffsetBefore);
        if (local >= rule.EndLocal(interval) && local < interval.LocalEnd && IsDue(local))
            return new(local, DaylightReason.FirstPass, local - (interval.LocalAfterEnd - interval.End));
        return null;
    }

    private bool IsDue(long local) => local >= 0 && schedule.AtOrAfter(local) == local;

    private static CronOccurrence? InUtc(long ticks) =>
        ticks is LocalSchedule.NoneAfter or LocalSchedule.NoneBefore ? null : CronOccurrence.At(ticks, 0, DaylightReason.None);
}
