namespace SafeLoop;

/// <summary>All tasks of the host by name, and their common start and stop.</summary>
/// <param name="environment">What all loops share.</param>
/// <param name="factory">Creates definitions from options.</param>
/// <param name="define">Defines a task at run time.</param>
/// <param name="register">Enters the registered task of this name, or all for null. Called before the host has started.</param>
/// <param name="reload">Reads the options of a task again.</param>
internal sealed class RecurringTasks(
    LoopEnvironment environment,
    RecurringTaskFactory factory,
    Func<string, Action<IRecurringTaskBuilder>, TaskDefinition> define,
    Action<string?> register,
    Action<TaskGroup> reload) : IRecurringTasks, IDisposable
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, TaskGroup> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private int _changes;
    private readonly Dictionary<string, List<TaskLoop>> _ending = new(StringComparer.OrdinalIgnoreCase);
    private volatile bool _started;
    private volatile StopRequest? _stopped;
    private int _reloads;

    IReadOnlyList<RecurringTaskHandle> IRecurringTasks.All
    {
        get
        {
            Register(null);
            lock (_gate)
                return [.. _tasks.Values.Select(task => task.Handle)];
        }
    }

    /// <summary>The entered tasks. Before the host has started, registered tasks may be missing.</summary>
    public IReadOnlyList<TaskGroup> All
    {
        get
        {
            lock (_gate)
                return [.. _tasks.Values];
        }
    }

    /// <summary>The entered tasks without keys.</summary>
    public IEnumerable<TaskLoop> Ordinary => All.OfType<TaskLoop>();

    // Tasks with keys come last, because there may be many keys.
    private IEnumerable<TaskGroup> OrdinaryFirst => All.OrderBy(task => task is not TaskLoop);

    private string[] Names
    {
        get
        {
            lock (_gate)
                return [.. _tasks.Keys];
        }
    }

    public RecurringTaskHandle this[string name] => Find(name) ?? throw UnknownTask.Create(name, Names, hasStore: false);

    /// <summary>Throws for an unknown name once the host has started.</summary>
    /// <exception cref="KeyNotFoundException">No task, keyed or not, has this name.</exception>
    public void ThrowIfUnknown(string name)
    {
        if (Find(name) is null && _started)
            _ = this[name];
    }

    public RecurringTaskHandle? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Register(name);
        return FindEntered(name)?.Handle;
    }

    /// <summary>Grows when a task is added or removed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Finds an entered task, without entering a registered one.</summary>
    public TaskGroup? FindEntered(string name)
    {
        lock (_gate)
            return _tasks.GetValueOrDefault(name);
    }

    public RecurringTaskHandle Add(string name, Action<IRecurringTaskBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        var reloads = Volatile.Read(ref _reloads);
        var definition = define(name, configure);
        Register(definition.Name);
        var task = new TaskLoop(definition, factory, environment);
        if (task.Task.Options.FormerName is { } former && Find(former)?.Name is { } present)
            throw new InvalidRecurringTaskException(
                [OptionsProblems.Sentence(task.Name, FormerNames.Describe(former, present))]);
        if (task.IsInCluster)
        {
            throw new InvalidRecurringTaskException(
                [
                    OptionsProblems.Sentence(
                        task.Name,
                        "InCluster cannot be set for a task that is added at run time, because the other hosts do not know it. "
                            + "Register it before the host is built"),
                ]);
        }
        Enter(task);
        if (Volatile.Read(ref _reloads) != reloads) // the reload did not find the task yet
            reload(task);
        if (_started) // before that, the start of the host warns
            environment.Observers.Warn(task.Name, TaskWarnings.FindAll(task.Task, environment));
        return task.Handle;
    }

    /// <summary>
    /// Called when all entered tasks are about to read their options again. A task that is being added then does so too.
    /// </summary>
    public void OnReload() => Interlocked.Increment(ref _reloads);

    /// <summary>Enters a task, and starts or stops it like the tasks before it.</summary>
    /// <exception cref="InvalidRecurringTaskException">The name is taken.</exception>
    public void Enter(TaskGroup task)
    {
        lock (_gate)
        {
            _changes++;
            if (!_tasks.TryAdd(task.Name, task))
                throw NameIsTaken(task.Name);
            if (_stopped is not null && task is TaskLoop late)
                late.Stop(_stopped); // so that its completion completes
            else if (_stopped is not null)
                task.StopWithHost(_stopped);
            else if (_started)
                task.StartFirst(_ending.TryGetValue(task.Name, out var ending) ? [.. ending.Select(other => other.Loop)] : []);
        }
    }

    public static InvalidRecurringTaskException NameIsTaken(string name) =>
        new([$"Recurring task '{name}': the name is taken. Give each task its own; capitals do not matter."]);

    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Register(name);
        lock (_gate)
        {
            if (!_tasks.TryGetValue(name, out var task))
                return false;
            if (task is not TaskLoop loop)
                throw new InvalidOperationException($"Recurring task '{task.Name}' has a loop per key and cannot be removed. "
                    + "Remove its keys with TryRemove of IRecurringTaskKeys<TTask, TKey>, or pause it.");
            if (loop.IsInCluster)
            {
                throw new InvalidOperationException($"Recurring task '{task.Name}' is in a cluster and cannot be removed, "
                    + "because other hosts would run it. Stop it, which holds on all hosts.");
            }
            _changes++;
            _tasks.Remove(name);
            environment.Store?.OnRemoved(task.Name);
            loop.Stop(new StopRequest(LoopEnd.Removed, OutcomeReason.Removed, "Removed."));
            TrackEnding(loop);
            return true;
        }
    }

    /// <summary>Starts all loops.</summary>
    public void Start()
    {
        lock (_gate)
            _started = true;
        foreach (var task in OrdinaryFirst)
            task.StartFirst();
    }

    /// <summary>Begins the schedules that have waited for the application to start.</summary>
    public void Begin()
    {
        foreach (var task in OrdinaryFirst)
            task.Begin();
    }

    /// <summary>Stops all loops with the host.</summary>
    public void Stop()
    {
        lock (_gate)
            _stopped ??= new StopRequest(LoopEnd.HostStopped, OutcomeReason.HostStopping, "The host is stopping.");
        foreach (var task in OrdinaryFirst)
            task.StopWithHost(_stopped);
    }

    /// <summary>Stops the loops of a host that is disposed without having been stopped.</summary>
    public void Dispose() => Stop();

    /// <summary>Tasks that were removed and have not ended yet.</summary>
    public IReadOnlyList<TaskLoop> Ending
    {
        get
        {
            lock (_gate)
                return [.. _ending.Values.SelectMany(tasks => tasks)];
        }
    }

    private void Register(string? name)
    {
        if (!_started && _stopped is null)
            register(name);
    }

    // Until it has ended, a new task with the same name waits for it.
    private void TrackEnding(TaskLoop task)
    {
        if (!_ending.TryGetValue(task.Name, out var ending))
            _ending.Add(task.Name, ending = []);
        ending.Add(task);
        task.Completion.ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    ending.Remove(task);
                    if (ending.Count == 0)
                        _ending.Remove(task.Name);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
