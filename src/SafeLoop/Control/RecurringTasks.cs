namespace SafeLoop;

/// <summary>The book of all tasks.</summary>
internal sealed class RecurringTasks(LoopEnvironment environment, RecurringTaskFactory factory, Func<string, Action<IRecurringTaskBuilder>, TaskDefinition> define) : IRecurringTasks, IDisposable
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, RecurringTaskHandle> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<RecurringTaskHandle>> _leaving = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _reserved = new(StringComparer.OrdinalIgnoreCase);
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

    public RecurringTaskHandle this[string name] => Find(name) ?? throw new KeyNotFoundException(_reserved.Contains(name)
        ? $"'{name}' is a keyed task: inject IRecurringTaskKeys<TTask, TKey> and find its loops by their keys."
        : $"There is no recurring task named '{name}'{DidYouMean.Ask(name, All.Select(task => task.Name))}");

    /// <summary>Nobody who asks about a misspelt name shall take silence for an answer. Before the start not all tasks are in the book, and nobody is contradicted.</summary>
    /// <exception cref="KeyNotFoundException">No task, keyed or not, has this name.</exception>
    public void Expect(string name)
    {
        if (Find(name) is null && _started && !_reserved.Contains(name))
            _ = this[name];
    }

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
        var handle = new RecurringTaskHandle(definition, factory, environment);
        lock (_gate)
        {
            if (_reserved.Contains(definition.Name) || !_tasks.TryAdd(definition.Name, handle))
                throw NameIsTaken(definition.Name);
            if (_stopped is not null)
                handle.Stop(_stopped);
            else if (_started)
                handle.StartFirst(_leaving.TryGetValue(definition.Name, out var leaving) ? Task.WhenAll(leaving.Select(task => task.Completion)) : null);
        }
        return handle;
    }

    /// <summary>The name belongs to a keyed task, whose loops are found elsewhere.</summary>
    /// <exception cref="InvalidRecurringTaskException">The name is taken.</exception>
    public void Reserve(string name)
    {
        lock (_gate)
        {
            if (_tasks.ContainsKey(name))
                throw NameIsTaken(name);
            _reserved.Add(name);
        }
    }

    public static InvalidRecurringTaskException NameIsTaken(string name) =>
        new([$"Recurring task '{name}': the name is taken. Give each task its own; capitals do not matter."]);

    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_gate)
        {
            if (!_tasks.Remove(name, out var handle))
                return false;
            handle.Stop(new StopRequest(LoopEnd.Removed, OutcomeReason.Removed, "Removed."));
            Remember(handle);
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
            _stopped ??= new StopRequest(LoopEnd.HostStopped, OutcomeReason.HostStopping, "The host is stopping.");
            foreach (var task in _tasks.Values)
                task.StopWithHost(_stopped);
        }
    }

    /// <summary>A host that goes without having been stopped takes its loops along.</summary>
    public void Dispose() => Stop();

    /// <summary>Tasks that were removed and have not ended yet.</summary>
    public IReadOnlyList<RecurringTaskHandle> Leaving
    {
        get
        {
            lock (_gate)
                return [.. _leaving.Values.SelectMany(tasks => tasks)];
        }
    }

    // A successor of the same name waits for it; forgotten as soon as it has ended.
    private void Remember(RecurringTaskHandle task)
    {
        if (!_leaving.TryGetValue(task.Name, out var leaving))
            _leaving.Add(task.Name, leaving = []);
        leaving.Add(task);
        task.Completion.ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    leaving.Remove(task);
                    if (leaving.Count == 0)
                        _leaving.Remove(task.Name);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
