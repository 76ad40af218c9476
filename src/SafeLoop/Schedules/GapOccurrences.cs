namespace SafeLoop;

/// <summary>
/// The occurrences at the start of an interval whose local times are in the gap before it. All times are UTC ticks.
/// </summary>
internal sealed class GapOccurrences(LocalSchedule schedule, SkippedTime skipped)
{
    internal DaylightReason Reason => skipped == SkippedTime.Shift ? DaylightReason.Shifted : DaylightReason.ShiftedToGapEnd;

    internal long AtOrAfter(OffsetInterval interval, long instant)
    {
        if (!interval.BeginsWithGap) return LocalSchedule.NoneAfter;

        return skipped switch
        {
            SkippedTime.RunAfter when instant <= interval.Start && JumpsOverOne(interval) => interval.Start,
            SkippedTime.Shift => ShiftedAtOrAfter(interval, instant),
            _ => LocalSchedule.NoneAfter,
        };
    }

    internal long Before(OffsetInterval interval, long instant)
    {
        if (!interval.BeginsWithGap) return LocalSchedule.NoneBefore;

        return skipped switch
        {
            SkippedTime.RunAfter when instant > interval.Start && JumpsOverOne(interval) => interval.Start,
            SkippedTime.Shift => ShiftedBefore(interval, instant),
            _ => LocalSchedule.NoneBefore,
        };
    }

    private bool JumpsOverOne(OffsetInterval interval) =>
        schedule.AtOrAfter(interval.LocalBeforeStart) < interval.LocalStart;

    private long ShiftedAtOrAfter(OffsetInterval interval, long instant)
    {
        var old = instant + interval.OffsetBefore;
        if (old >= interval.LocalStart) return LocalSchedule.NoneAfter;

        var local = schedule.AtOrAfter(old);
        return local < interval.LocalStart ? local - interval.OffsetBefore : LocalSchedule.NoneAfter;
    }

    private long ShiftedBefore(OffsetInterval interval, long instant)
    {
        var local = schedule.Before(Math.Min(instant + interval.OffsetBefore, interval.LocalStart));
        return local >= interval.LocalBeforeStart ? local - interval.OffsetBefore : LocalSchedule.NoneBefore;
    }
}
