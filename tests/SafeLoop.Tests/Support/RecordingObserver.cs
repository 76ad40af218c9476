namespace SafeLoop.Tests;

/// <summary>Keeps every event, unless it is switched off.</summary>
internal sealed class RecordingObserver : IRecurringTaskObserver
{
    private readonly List<LoopEvent> _events = [];

    /// <summary>Called with each event, after it was kept.</summary>
    public Action<LoopEvent> Handler { get; set; } = static _ => { };

    public bool IsOff { get; set; }

    public IReadOnlyList<LoopEvent> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public IReadOnlyList<LoopEvent> Of(LoopEventKind kind) => [.. Events.Where(e => e.Kind == kind)];

    public void OnEvent(in LoopEvent loopEvent)
    {
        if (IsOff)
            return;
        lock (_events)
            _events.Add(loopEvent);
        Handler(loopEvent);
    }
}
