namespace SafeLoop.Testing;

internal sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
{
    /// <summary>By the time they are due, and those of one time as they were set.</summary>
    public static readonly Comparer<VirtualTimer> InOrder = Comparer<VirtualTimer>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Order.CompareTo(other.Order));

    // As real timers do; null where the flow is suppressed, as the library does for its own.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private volatile bool _disposed;

    public long Due { get; set; }

    public long Order { get; set; }

    /// <summary>The iteration that created it; null: other code.</summary>
    public IterationFlow? Flow { get; } = IterationFlow.Current;

    /// <summary>True for a time limit. Other timers, such as delays, are awaited.</summary>
    public bool IsTimeout { get; } = state is CancellationTokenSource;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
            return false;
        _period = period;
        clock.Set(this, dueTime);
        return true;
    }

    public void Fire()
    {
        if (_period > TimeSpan.Zero)
            clock.Set(this, _period);
        if (IsTimeout && Flow is { } flow)
            flow.IsStirred = true;
        if (_context is null)
            callback(state);
        else
            ExecutionContext.Run(_context, static timer => ((VirtualTimer)timer!).Call(), this);
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Set(this, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Call() => callback(state);
}
