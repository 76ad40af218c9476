namespace SafeLoop;

/// <summary>The times of another schedule, each with a duration.</summary>
internal sealed class ExcludedSchedule(CronSchedule schedule, TimeSpan duration) : IExcluded
{
    private readonly long _length = Math.Max(duration.Ticks, 1); // at least one tick, which excludes exactly that instant

    public Stretch At(long instant)
    {
        // The first excluded time that has not ended by then: it has begun, or is the next to begin.
        var after = new DateTimeOffset(Math.Max(instant - _length, 0), TimeSpan.Zero);
        if (schedule.NextAfter(after)?.UtcTicks is not { } begins)
            return new(false, 0, long.MaxValue);
        return begins <= instant ? new(true, begins, Math.Min(begins, long.MaxValue - _length) + _length) : new(false, 0, begins);
    }
}
