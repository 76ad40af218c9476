namespace SafeLoop;

/// <summary>The occurrences in one interval of constant UTC offset. Applies the task's daylight rule at its borders.</summary>
internal sealed class IntervalOccurrences(LocalSchedule schedule, DaylightRule rule)
{
    private readonly GapOccurrences _jumpedOver = new(schedule, rule.Skipped);

    /// <summary>The first occurrence in the interval at or after an instant inside it.</summary>
    internal CronOccurrence? AtOrAfter(OffsetInterval interval, long instant)
    {
        var local = schedule.AtOrAfter(Math.Max(instant + interval.Offset, rule.FirstLocal(interval)));
        var regular = local < rule.EndLocal(interval) ? local - interval.Offset : LocalSchedule.NoneAfter;
        var jumpedOver = _jumpedOver.AtOrAfter(interval, instant);

        if (regular == LocalSchedule.NoneAfter && jumpedOver == LocalSchedule.NoneAfter) return null;
        return regular <= jumpedOver ? Regular(interval, local) : JumpedOver(interval, jumpedOver);
    }

    /// <summary>The last occurrence in the interval before an instant inside it or at its end.</summary>
    internal CronOccurrence? Before(OffsetInterval interval, long instant)
    {
        var local = schedule.Before(Math.Min(instant + interval.Offset, rule.EndLocal(interval)));
        var regular = local >= rule.FirstLocal(interval) ? local - interval.Offset : LocalSchedule.NoneBefore;
        var jumpedOver = _jumpedOver.Before(interval, instant);

        if (regular == LocalSchedule.NoneBefore && jumpedOver == LocalSchedule.NoneBefore) return null;
        return regular >= jumpedOver ? Regular(interval, local) : JumpedOver(interval, jumpedOver);
    }

    private static CronOccurrence Regular(OffsetInterval interval, long local) =>
        CronOccurrence.At(local - interval.Offset, interval.Offset, Pass(interval, local));

    private CronOccurrence JumpedOver(OffsetInterval interval, long instant) =>
        CronOccurrence.At(instant, interval.Offset, _jumpedOver.Reason);

    private static DaylightReason Pass(OffsetInterval interval, long local)
    {
        if (local < interval.LocalBeforeStart) return DaylightReason.SecondPass;
        return local >= interval.LocalAfterEnd ? DaylightReason.FirstPass : DaylightReason.None;
    }
}
