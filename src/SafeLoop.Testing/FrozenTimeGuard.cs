namespace SafeLoop.Testing;

/// <summary>Ends loops that would run for ever because no time passes while they do.</summary>
internal sealed class FrozenTimeGuard(VirtualClock clock, VirtualThread thread, Func<RecurringTasks> tasks)
    : IRecurringTaskObserver
{
    /// <summary>More iterations of one task at one instant are a mistake.</summary>
    public const int MostIterations = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Task, object? Key), int> _iterations = [];
    private long _timestamp;

    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Kind is not LoopEventKind.IterationEnded || CountOf((loopEvent.TaskName, loopEvent.Key)) != MostIterations)
            return;

        var text = $"Recurring task '{loopEvent.TaskName}' has run {MostIterations:N0} iterations while virtual time stood "
            + "still, and was stopped. Let its step take time (await Task.Delay(…, timeProvider, …)), end it with StopAfter(n), "
            + "or do not let it run Continuously in the test.";
        tasks().Find(loopEvent.TaskName)?.Stop(text);
        thread.Fail(new InvalidOperationException(text));
    }

    private int CountOf((string Task, object? Key) task)
    {
        lock (_gate)
        {
            if (_timestamp != clock.GetTimestamp())
            {
                _timestamp = clock.GetTimestamp();
                _iterations.Clear();
            }
            return _iterations[task] = _iterations.GetValueOrDefault(task) + 1;
        }
    }
}
