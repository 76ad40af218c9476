namespace SafeLoop.Tests;

/// <summary>A clock that stands still until it is moved. Timers fire in order, each at its exact time, and never early.</summary>
/// <remarks>Timestamps are monotonic; <see cref="SetWallClock"/> moves only what people call the time.</remarks>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _ticks;
    private TimeSpan _wallShift;

    /// <summary>True: timers fire after half of their time, as real ones do by some milliseconds.</summary>
    public bool FiresEarly { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return start.AddTicks(_ticks) + _wallShift;
    }

    /// <summary>Somebody sets the clock: the wall clock jumps, the monotonic one does not notice.</summary>
    public void SetWallClock(DateTimeOffset now)
    {
        lock (_gate)
            _wallShift = now - start.AddTicks(_ticks);
    }

    /// <summary>Time passes and no timer fires: nobody gets to run.</summary>
    public void MoveBy(TimeSpan span) => Volatile.Write(ref _ticks, _ticks + span.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer fires, as a timestamp; null when none is set.</summary>
    public long? NextDue
    {
        get
        {
            lock (_gate)
                return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
        }
    }

    /// <summary>Moves to a timestamp no timer lies before, and fires those that are due there.</summary>
    public void MoveTo(long timestamp)
    {
        Volatile.Write(ref _ticks, timestamp);
        while (TakeDue() is { } timer)
            timer.Fire();
    }

    /// <summary>Time passes while somebody blocks: no timer fires until the clock is moved.</summary>
    public void Pass(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);

    public void Set(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime < TimeSpan.Zero)
                return;
            timer.Due = _ticks + (FiresEarly && dueTime > TimeSpan.FromMilliseconds(1) ? dueTime.Ticks / 2 : dueTime.Ticks);
            _timers.Add(timer);
        }
    }

    private VirtualTimer? TakeDue()
    {
        lock (_gate)
        {
            var due = _timers.Where(timer => timer.Due <= _ticks).MinBy(timer => timer.Due);
            if (due is not null)
                _timers.Remove(due);
            return due;
        }
    }
}
