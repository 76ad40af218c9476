namespace SafeLoop;

/// <summary>
/// Measures how long the steps of an iteration keep their calling thread. A mutable struct that belongs to one iteration.
/// </summary>
/// <remarks>It reads the clock once. For steps that do not await, that timestamp is also the end of the iteration.</remarks>
internal struct StepTimer
{
    /// <summary>Means that no timestamp is known. A clock may start at any other number.</summary>
    public const long Unknown = long.MinValue;

    // 100 ms: longer than work in a healthy pool, short enough to report blocks before they starve the pool.
    private const int LimitsPerSecond = 10;

    private long _since;
    private bool _hasReturned;

    /// <summary>True when a step of this iteration has blocked its calling thread.</summary>
    public bool HasBlocked { get; private set; }

    /// <summary>True when the iteration runs on a thread of the loop, which steps may block.</summary>
    public bool IsOnOwnThread { get; private set; }

    /// <summary>
    /// When the last step returned, if it did not await and no other code was called since; otherwise <see cref="Unknown"/>.
    /// </summary>
    public readonly long Returned => _hasReturned ? _since : Unknown;

    /// <param name="onOwnThread">True when the iteration runs on a thread of the loop, which steps may block.</param>
    /// <param name="now">The timestamp, or <see cref="Unknown"/>.</param>
    public void Begin(bool onOwnThread, long now) =>
        (IsOnOwnThread, _since, _hasReturned, HasBlocked) = (onOwnThread, now, false, false);

    /// <summary>Discards the last timestamp, because other code runs before the next step.</summary>
    public void DiscardTimestamp() => (_since, _hasReturned) = (Unknown, false);

    public void OnStepStarting(TimeProvider time)
    {
        if (_since == Unknown)
            _since = time.GetTimestamp();
    }

    /// <param name="time">The clock.</param>
    /// <param name="hasEnded">False when the step awaits, so that it continues later.</param>
    /// <returns>How long the step has blocked the thread; null when it has not.</returns>
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
