namespace SafeLoop.Locks.Tests;

/// <summary>A clock in which a test acts at the very moment when it is read, or when a timer is set.</summary>
internal sealed class HookedTime(TimeProvider clock) : TimeProvider
{
    private Action? _onRead;
    private int _reads;
    private Action<Action>? _onTimer;

    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <summary>Runs once, within the n-th reading of the clock from now on, before it is read.</summary>
    public void OnRead(int nth, Action act) => (_reads, _onRead) = (nth, act);

    /// <summary>Runs once, within the next setting of a timer, and may fire it.</summary>
    public void OnTimer(Action<Action> act) => _onTimer = act;

    public override long GetTimestamp()
    {
        if (_onRead is not null && --_reads == 0)
            Take(ref _onRead)!();
        return clock.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Hooked(this, clock.CreateTimer(callback, state, dueTime, period), () => callback(state));
        if (dueTime != Timeout.InfiniteTimeSpan)
            Take(ref _onTimer)?.Invoke(timer.Fire);
        return timer;
    }

    private static T? Take<T>(ref T? hook) where T : class => Interlocked.Exchange(ref hook, null);

    private sealed class Hooked(HookedTime time, ITimer timer, Action fire) : ITimer
    {
        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            Take(ref time._onTimer)?.Invoke(fire);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
