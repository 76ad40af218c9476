namespace SafeLoop;

/// <summary>
/// Measures how long the steps of an iteration keep the thread they are called on. A mutable struct: it belongs to one
/// iteration.
/// </summary>
/// <remarks>Costs one look at the clock, which is the end of an iteration whose steps do not await.</remarks>
internal struct StepTimer
{
    /// <summary>No timestamp: it is not known. A clock may start at any other number.</summary>
    public const long Unknown = long.MinValue;

    // 100 ms: long enough for whatever runs in a healthy pool, short enough for a few of them to be felt.
    private const int LimitsPerSecond = 10;

    private long _since;
    private bool _hasReturned;

    /// <summary>A step of this iteration has blocked the thread it was called on.</summary>
    public bool HasBlocked { get; private set; }

    /// <summary>The thread may be blocked.</summary>
    public bool IsOnOwnThread { get; private set; }

    /// <summary>
    /// When the last step returned, if it did not await and nothing was called since; else <see cref="Unknown"/>.
    /// </summary>
    public readonly long Returned => _hasReturned ? _since : Unknown;

    /// <param name="onOwnThread">The thread may be blocked.</param>
    /// <param name="now">The timestamp, or <see cref="Unknown"/>.</param>
    public void Begin(bool onOwnThread, long now) => (IsOnOwnThread, _since, _hasReturned, HasBlocked) = (onOwnThread, now, false, false);

    /// <summary>Something else is called: what was known of the time is of no use.</summary>
    public void Forget() => (_since, _hasReturned) = (Unknown, false);

    public void OnStepStarting(TimeProvider time)
    {
        if (_since == Unknown)
            _since = time.GetTimestamp();
    }

    /// <param name="time">The clock.</param>
    /// <param name="hasEnded">False: the step awaits, and goes on elsewhere.</param>
    /// <returns>How long it has blocked the thread; null: it has not.</returns>
    public TimeSpan? OnStepReturned(TimeProvider time, bool hasEnded)
    {
        var (since, now) = (_since, time.GetTimestamp());
        (_since, _hasReturned) = (hasEnded ? now : Unknown, hasEnded);
        if (now - since < time.TimestampFrequency / LimitsPerSecond)
            return null;
        HasBlocked = true;
        return time.GetElapsedTime(since, now);
    }
}
