namespace SafeLoop.Testing;

/// <summary>A clock that stands still until it is moved. Timers fire in order, each at its exact time, and never early.</summary>
/// <remarks>Timestamps are monotonic; <see cref="SetWallClock"/> moves only what people call the time. Thread-safe.</remarks>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.InOrder);
    private long _ticks;
    private long _order;
    private TimeSpan _wallShift;

    /// <summary>True: timers fire after half of their time, as real ones do by some milliseconds.</summary>
    public bool FiresEarly { get; set; }

    /// <summary>Notified when a timer is set or cleared, before it can fire.</summary>
    public Action<VirtualTimer, bool> TimerIsSet { get; set; } = static (_, _) => { };

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer fires, as a timestamp; null when none is set.</summary>
    public long? NextDue
    {
        get
        {
            lock (_gate)
                return _timers.Min?.Due;
        }
    }

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return start.AddTicks(_ticks) + _wallShift;
    }

    /// <summary>Sets the wall clock. The monotonic clock does not change.</summary>
    public void SetWallClock(DateTimeOffset now)
    {
        lock (_gate)
            _wallShift = now - start.AddTicks(_ticks);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to a timestamp no timer lies before, and fires those that are due there.</summary>
    public void MoveTo(long timestamp)
    {
        Volatile.Write(ref _ticks, timestamp);
        while (TakeDue() is { } timer)
            timer.Fire();
    }

    /// <summary>Time passes and no timer fires: no code runs until the clock is moved.</summary>
    public void Pass(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);

    public void Set(VirtualTimer timer, TimeSpan dueTime)
    {
        bool was, isSet = dueTime >= TimeSpan.Zero;
        lock (_gate)
        {
            was = _timers.Remove(timer);
            if (isSet)
            {
                timer.Due = _ticks + (FiresEarly && dueTime > TimeSpan.FromMilliseconds(1) ? dueTime.Ticks / 2 : dueTime.Ticks);
                timer.Order = ++_order;
                if (isSet && !was)
                    TimerIsSet(timer, true);
                _timers.Add(timer);
            }
        }
        if (was && !isSet)
            TimerIsSet(timer, false);
    }

    private VirtualTimer? TakeDue()
    {
        lock (_gate)
        {
            if (_timers.Min is not { } due || due.Due > _ticks)
                return null;
            _timers.Remove(due);
            TimerIsSet(due, false);
            return due;
        }
    }
}
