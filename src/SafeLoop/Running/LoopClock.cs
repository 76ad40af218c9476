namespace SafeLoop;

/// <summary>The clock a loop follows: the wall clock for schedules of the calendar, its own monotonic count for intervals.</summary>
/// <remarks>
/// The monotonic count starts at the wall clock's time and from then on advances with timestamps only, so an interval does not
/// notice when somebody sets the clock. A loop that starts again after its clock was set back counts on from its last slot.
/// </remarks>
internal sealed class LoopClock(TimeProvider time, bool followsWall, DateTimeOffset? lastSlot = null)
{
    // Longer waits are looked at again once a year, so that no sum of instants and timestamps can overflow.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    private readonly long _originTimestamp = time.GetTimestamp();
    private readonly DateTimeOffset _origin = lastSlot is { } last ? Instants.Max(time.GetUtcNow(), Instants.JustAfter(last)) : time.GetUtcNow();

    public bool FollowsWall => followsWall;

    public DateTimeOffset Now => followsWall ? time.GetUtcNow() : At(time.GetTimestamp());

    /// <summary>Both clocks at one moment: the loop's, for slots, and the monotonic one, for durations.</summary>
    public LoopMoment Read()
    {
        var timestamp = time.GetTimestamp();
        return new(followsWall ? time.GetUtcNow() : At(timestamp), timestamp);
    }

    /// <summary>How far the wall clock is ahead of the loop's, in whole seconds: less is drift, and must not move a slot across a border of the calendar.</summary>
    public TimeSpan WallShift => followsWall ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Round((time.GetUtcNow() - Now).TotalSeconds));

    public DateTimeOffset FromWall(DateTimeOffset instant) => followsWall ? instant.ToUniversalTime() : Shift(instant, Now - time.GetUtcNow());

    public DateTimeOffset ToWall(DateTimeOffset instant) => followsWall ? instant : Shift(instant, time.GetUtcNow() - Now);

    /// <summary>The timestamp at which the wait for <paramref name="due"/> is over, or is to be looked at again.</summary>
    public long TimestampOf(DateTimeOffset due, LoopMoment now)
    {
        var delay = due - now.Now;
        return time.TimestampAfter(now.Timestamp, delay < LongestWait ? delay : LongestWait);
    }

    private DateTimeOffset At(long timestamp) => _origin + time.GetElapsedTime(_originTimestamp, timestamp);

    private static DateTimeOffset Shift(DateTimeOffset instant, TimeSpan by) =>
        new(Math.Clamp(instant.UtcTicks + by.Ticks, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
}
