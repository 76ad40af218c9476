namespace SafeLoop.Locks.Tests;

/// <summary>A clock in which a test acts at the very moment when a timer is set.</summary>
internal sealed class HookedTime(TimeProvider clock) : TimeProvider
{
    private Action<Action>? _onTimer;

    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <summary>Runs once, within the next setting of a timer, and may fire it.</summary>
    public void OnTimer(Action<Action> act) => _onTimer = act;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Hooked(this, clock.CreateTimer(callback, state, dueTime, period), () => callback(state));
        if (dueTime != Timeout.InfiniteTimeSpan)
            Take()?.Invoke(timer.Fire);
        return timer;
    }

    private Action<Action>? Take() => Interlocked.Exchange(ref _onTimer, null);

    private sealed class Hooked(HookedTime time, ITimer timer, Action fire) : ITimer
    {
        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            time.Take()?.Invoke(fire);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
