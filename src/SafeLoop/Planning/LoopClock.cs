namespace SafeLoop;

/// <summary>
/// The clock a loop follows: the wall clock for schedules of the calendar, its own monotonic count for intervals.
/// </summary>
/// <remarks>
/// The monotonic count starts at the wall clock's time and then advances with timestamps only. So setting the clock does not
/// affect an interval. A loop that starts again after its clock was set back continues from its last slot.
/// </remarks>
internal sealed class LoopClock(TimeProvider time, bool isWallClock, Instant lastSlot = default)
{
    // A longer wait is split, so that no sum of instants and timestamps can overflow.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    // Two clocks cannot be read at the same moment. A smaller difference may be the time between the two reads, and must not move
    // a slot.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(10);

    // In this order, the loop's clock is never ahead of the wall clock, so a step may start late but not early.
    private readonly Instant _origin = Instant.Max(time.GetUtcNow(), lastSlot.JustAfter);
    private readonly long _originTimestamp = time.GetTimestamp();

    // A clock that is behind by at most this does not count as set back: it catches up before an operator could react.
    private static readonly TimeSpan ShortWait = TimeSpan.FromMinutes(1);

    public bool IsWallClock => isWallClock;

    public Instant Now => Read().Now;

    /// <summary>Both clocks at one moment: the loop's, for slots, and the monotonic one, for durations.</summary>
    public LoopMoment Read() => At(time.GetTimestamp());

    /// <summary>Like <see cref="Read"/>, for a timestamp that was read a moment ago.</summary>
    public LoopMoment At(long timestamp) =>
        new(isWallClock ? time.GetUtcNow() : _origin + time.GetElapsedTime(_originTimestamp, timestamp), timestamp);

    /// <summary>
    /// How far the wall clock is ahead of the loop's, in whole seconds. A smaller difference is drift, and must not move a slot
    /// to another day.
    /// </summary>
    public TimeSpan WallShift =>
        isWallClock ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Round((time.GetUtcNow() - Now).TotalSeconds));

    /// <summary>
    /// True when the loop follows the wall clock and the clock is more than a minute behind a slot that has run. Then the clock
    /// was set back, because no slot runs ahead of the clock.
    /// </summary>
    public bool IsBehind(Instant slot) => isWallClock && slot - Now > ShortWait;

    public Instant FromWall(Instant instant) => instant - Ahead;

    public Instant ToWall(Instant instant) => instant + Ahead;

    private TimeSpan Ahead =>
        !isWallClock && time.GetUtcNow() - Now is var ahead && ahead.Duration() > Noise ? ahead : TimeSpan.Zero;

    /// <summary>The timestamp at which the wait for <paramref name="due"/> ends; for a longer wait, after one year.</summary>
    public long TimestampOf(Instant due, LoopMoment now)
    {
        var delay = due - now.Now;
        return time.TimestampAfter(now.Timestamp, delay < LongestWait ? delay : LongestWait);
    }
}
