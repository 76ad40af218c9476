namespace SafeLoop;

/// <summary>
/// The clock a loop follows: the wall clock for schedules of the calendar, its own monotonic count for intervals.
/// </summary>
/// <remarks>
/// The monotonic count starts at the wall clock's time and from then on advances with timestamps only, so an interval does not
/// notice when the clock is set. A loop that starts again after its clock was set back counts on from its last slot.
/// </remarks>
internal sealed class LoopClock(TimeProvider time, bool isWallClock, Instant lastSlot = default)
{
    // Longer waits are looked at again once a year, so that no sum of instants and timestamps can overflow.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    // Two clocks cannot be read at the same moment: less than this between them is the time that passed meanwhile, and no reason
    // to move a slot.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(10);

    // Read in this order, the loop's clock is behind the wall clock rather than ahead of it: a step starts late rather than
    // early.
    private readonly Instant _origin = Instant.Max(time.GetUtcNow(), lastSlot.JustAfter);
    private readonly long _originTimestamp = time.GetTimestamp();

    // A shorter wait for the clock ends before an operator could react.
    private static readonly TimeSpan ShortWait = TimeSpan.FromMinutes(1);

    public bool IsWallClock => isWallClock;

    public Instant Now => Read().Now;

    /// <summary>Both clocks at one moment: the loop's, for slots, and the monotonic one, for durations.</summary>
    public LoopMoment Read() => At(time.GetTimestamp());

    /// <summary>Like <see cref="Read"/>, for a timestamp that was read a moment ago.</summary>
    public LoopMoment At(long timestamp) =>
        new(isWallClock ? time.GetUtcNow() : _origin + time.GetElapsedTime(_originTimestamp, timestamp), timestamp);

    /// <summary>
    /// How far the wall clock is ahead of the loop's, in whole seconds: less is drift, and must not move a slot across a border
    /// of the calendar.
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

    /// <summary>The timestamp at which the wait for <paramref name="due"/> is over, or is to be looked at again.</summary>
    public long TimestampOf(Instant due, LoopMoment now)
    {
        var delay = due - now.Now;
        return time.TimestampAfter(now.Timestamp, delay < LongestWait ? delay : LongestWait);
    }
}
