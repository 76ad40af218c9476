namespace SafeLoop.Tests.Keys;

/// <summary>
/// A clock that the test can stop at the worst moment: after a thread has read the time, and before it has used it.
/// </summary>
internal sealed class InterruptedClock(VirtualClock clock) : TimeProvider
{
    /// <summary>Called after each reading, as another thread that runs meanwhile.</summary>
    public Action OnRead { get; set; } = static () => { };

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp()
    {
        var timestamp = clock.GetTimestamp();
        OnRead();
        return timestamp;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
