namespace SafeLoop.Tests.Timing;

/// <summary>A clock with one timer, as bad as a test likes: any frequency, any start, early, late, or out of turn.</summary>
internal sealed class PacemakerClock(long frequency = 10_000_000, long start = 0) : TimeProvider
{
    private TimerCallback? _callback;
    private object? _state;

    public override long TimestampFrequency => frequency;
    public override long GetTimestamp() => Now;

    public long Now { get; set; } = start;
    public TimeSpan FiresEarlyBy { get; set; }

    public long? TimerDue { get; private set; }
    public TimeSpan LastWait { get; private set; }
    public int TimerChanges { get; private set; }
    public int TimersCreated { get; private set; }

    public long Units(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds * frequency / 1000);

    /// <summary>Time jumps, as after a laptop's sleep: the timer fires once, late.</summary>
    public void Jump(long units)
    {
        Now += units;
        if (TimerDue <= Now)
            FireTimer();
    }

    /// <summary>Time passes: the timer fires when it is set to (or early, once per setting), and workers run at once.</summary>
    public void Walk(long units, Action runWorkers)
    {
        var end = Now + units;
        while (TimerDue is { } due && due <= end)
        {
            var early = due - Units(FiresEarlyBy);
            Now = early > Now ? early : Math.Max(due, Now);
            FireTimer();
            runWorkers();
        }
        Now = end;
    }

    public void FireTimer()
    {
        TimerDue = null;
        _callback!(_state);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_callback, _state) = (callback, state);
        TimersCreated++;
        return new Timer(this);
    }

    private sealed class Timer(PacemakerClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.TimerChanges++;
            clock.LastWait = dueTime;
            clock.TimerDue = dueTime < TimeSpan.Zero ? null : clock.Now + clock.Units(dueTime);
            return true;
        }

        public void Dispose() => clock.TimerDue = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
