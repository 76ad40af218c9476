namespace SafeLoop.Tests;

/// <summary>Keeps every event, and lets a test on another thread wait until enough of them have come.</summary>
internal sealed class SignallingObserver : IRecurringTaskObserver
{
    private readonly object _gate = new();
    private readonly List<LoopEvent> _events = [];

    public IReadOnlyList<LoopEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    public IReadOnlyList<LoopEvent> Of(LoopEventKind kind) => [.. Events.Where(e => e.Kind == kind)];

    public void OnEvent(in LoopEvent loopEvent)
    {
        lock (_gate)
        {
            _events.Add(loopEvent);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until so many events of this kind have come.</summary>
    public IReadOnlyList<LoopEvent> WaitFor(LoopEventKind kind, int count = 1)
    {
        var end = TimeProvider.System.GetTimestamp()
            + (long)(ThreadedLoopHost.Patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        lock (_gate)
        {
            while (_events.Count(e => e.Kind == kind) < count)
                Assert.True(Monitor.Wait(_gate, ThreadedLoopHost.Patience) || TimeProvider.System.GetTimestamp() < end,
                    $"No {count} × {kind}.");
        }
        return Of(kind);
    }
}
