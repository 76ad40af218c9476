namespace SafeLoop;

/// <summary>The times of another schedule, each for a while.</summary>
internal sealed class ExcludedSchedule(CronSchedule schedule, TimeSpan duration) : IExcluded
{
    private readonly long _length = Math.Max(duration.Ticks, 1); // none: the very instant

    public Stretch At(long instant)
    {
        // The first that is not over by then: either it has begun, or it is the next to begin.
        var after = new DateTimeOffset(Math.Max(instant - _length, 0), TimeSpan.Zero);
        if (schedule.NextAfter(after)?.UtcTicks is not { } begins)
            return new(false, 0, long.MaxValue);
        return begins <= instant ? new(true, begins, Math.Min(begins, long.MaxValue - _length) + _length) : new(false, 0, begins);
    }
}
