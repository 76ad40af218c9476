namespace SafeLoop;

/// <summary>The book of all tasks.</summary>
internal sealed class RecurringTasks(LoopEnvironment environment, RecurringTaskFactory factory, Func<string, Action<IRecurringTaskBuilder>, TaskDefinition> define) : IRecurringTasks
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, RecurringTaskHandle> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LoopRunner> _leaving = new(StringComparer.OrdinalIgnoreCase);
    private bool _started;
    private StopRequest? _stopped;

    public IReadOnlyList<RecurringTaskHandle> All
    {
        get
        {
            lock (_gate)
                return [.. _tasks.Values];
        }
    }

    public RecurringTaskHandle this[string name] => Find(name) ?? throw new KeyNotFoundException(
        $"There is no recurring task named '{name}'{DidYouMean.Ask(name, All.Select(task => task.Name))}");

    public RecurringTaskHandle? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_gate)
            return _tasks.GetValueOrDefault(name);
    }

    public RecurringTaskHandle Add(string name, Action<IRecurringTaskBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(define(name, configure));
    }

    /// <exception cref="InvalidRecurringTaskException">The definition is invalid, or the name is taken.</exception>
    public RecurringTaskHandle Add(TaskDefinition definition)
    {
        var handle = new RecurringTaskHandle(factory.Create(definition.Name, definition.Steps, definition.Options), factory, environment);
        lock (_gate)
        {
            if (!_tasks.TryAdd(definition.Name, handle))
                throw new InvalidRecurringTaskException([$"Recurring task '{definition.Name}': the name is taken. Give each task its own; capitals do not matter."]);
            if (_stopped is not null)
                handle.Stop(_stopped);
            else if (_started)
                handle.StartFirst(_leaving.GetValueOrDefault(definition.Name));
        }
        return handle;
    }

    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_gate)
        {
            if (!_tasks.Remove(name, out var handle))
                return false;
            handle.Stop(new StopRequest(LoopEnd.Removed, OutcomeReason.Removed, "Removed."));
            Remember(name, handle.Loop);
            return true;
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            _started = true;
            foreach (var task in _tasks.Values)
                task.StartFirst();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            environment.IsStopping = true;
            _stopped = new StopRequest(LoopEnd.HostStopped, OutcomeReason.HostStopping, "The host is stopping.");
            foreach (var task in _tasks.Values.Where(task => task.State is not RecurringTaskState.NotStarted))
                task.Stop(_stopped);
        }
    }

    /// <summary>Tasks that were removed and have not ended yet.</summary>
    public IReadOnlyList<LoopRunner> Leaving
    {
        get
        {
            lock (_gate)
                return [.. _leaving.Values];
        }
    }

    // A successor of the same name waits for it; forgotten as soon as it has ended.
    private void Remember(string name, LoopRunner leaving)
    {
        _leaving[name] = leaving;
        leaving.Completion.ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    if (_leaving.GetValueOrDefault(name) == leaving)
                        _leaving.Remove(name);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
