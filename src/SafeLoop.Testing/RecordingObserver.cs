namespace SafeLoop.Testing;

/// <summary>
/// Records how every slot ended, and every event except the start of an iteration, whose data its end repeats.
/// </summary>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public sealed class RecordingObserver : IRecurringTaskObserver
{
    private readonly List<LoopEvent> _events = [];

    /// <summary>The events so far, in order.</summary>
    public IReadOnlyList<LoopEvent> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    /// <summary>How slots ended so far, in order.</summary>
    /// <param name="task">Of this task only; null: of all.</param>
    /// <param name="key">Of a keyed task, of this key only; null: of all.</param>
    public IReadOnlyList<IterationRecord> Records(string? task = null, object? key = null)
    {
        lock (_events)
        {
            return [.. from e in _events
                       where e.Kind is LoopEventKind.IterationEnded
                       where task is null || string.Equals(e.TaskName, task, StringComparison.OrdinalIgnoreCase)
                       where key is null || key.Equals(e.Key)
                       select e.Record];
        }
    }

    /// <summary>Clears what was recorded, for tests of a very long time.</summary>
    public void Clear()
    {
        lock (_events)
            _events.Clear();
    }

    /// <inheritdoc/>
    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Kind is LoopEventKind.IterationStarted)
            return;
        lock (_events)
            _events.Add(loopEvent);
    }
}
