namespace SafeLoop;

/// <summary>Creates the registered tasks: all when the host starts, or one when it is looked up earlier.</summary>
/// <threadsafety>All members may be used from any thread. User code that configures options runs under no lock.</threadsafety>
internal sealed class TaskRegistration(
    IServiceProvider services,
    RecurringTasks tasks,
    TaskDefinitions definitions,
    RecurringTaskFactory factory,
    LoopEnvironment environment)
{
    // User code that configures options may look up a task, which would call this again.
    [ThreadStatic]
    private static bool _isReading;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _made = new(StringComparer.OrdinalIgnoreCase);
    private volatile Lazy<ILookup<string, RegisteredDefinition>> _registered = new(() => ByName(definitions.Registered));
    private bool _isDone;

    /// <summary>Creates the task of this name, if it is registered and not yet created.</summary>
    /// <exception cref="InvalidRecurringTaskException">Its registration is invalid.</exception>
    public void Create(string name)
    {
        if (!_isReading && _registered.Value.Contains(name))
            CreateGuarded(() => Create(name, isAgain: false));
    }

    /// <summary>Creates all tasks that are not yet created, and reads the options of the others again.</summary>
    /// <returns>All problems, one sentence each.</returns>
    public IReadOnlyList<string> CreateAll()
    {
        var problems = new List<string>();
        if (_isReading)
            return problems;
        foreach (var name in _registered.Value.Select(group => group.Key))
        {
            try
            {
                using var call = environment.Observers.Calls.Enter("its registration (options, exclusions, pipelines)", name);
                CreateGuarded(() => Create(name, isAgain: true));
            }
            catch (InvalidRecurringTaskException error)
            {
                problems.AddRange(error.Problems);
            }
        }
        return problems;
    }

    /// <summary>Releases data that is needed only before the host starts.</summary>
    public void ReleaseStartUpData()
    {
        lock (_gate)
        {
            _isDone = true;
            _made.Clear();
            _made.TrimExcess();
        }
        _registered = new(ByName([]));
    }

    private static ILookup<string, RegisteredDefinition> ByName(IEnumerable<RegisteredDefinition> registered) =>
        registered.ToLookup(task => task.Definition.Name, StringComparer.OrdinalIgnoreCase);

    private static void CreateGuarded(Action make)
    {
        _isReading = true;
        try
        {
            make();
        }
        finally
        {
            _isReading = false;
        }
    }

    private void Create(string name, bool isAgain)
    {
        RegisteredDefinition[] registered = [.. _registered.Value[name]];
        if (registered.Length == 0)
            return;
        if (registered is not [var (definition, task)]) // first, because the verbs of a duplicate name may cause further problems
            throw RecurringTasks.NameIsTaken(registered[^1].Definition.Name);
        if (IsMade(name))
        {
            if (isAgain)
                ReadAgain(name);
        }
        else if (task.Keys is { } keys)
        {
            var loops = keys(services);
            var made = loops.Read(definition);
            if (made.Options.InCluster && task.Reader == 0 && !KeyText.CanParse(loops.KeyType))
                throw NeedsSource(name, loops.KeyType);
            CreateOnce(name, () =>
            {
                loops.Define(definition, made);
                tasks.Enter(loops);
            });
        }
        else
        {
            if (task.ReadsKeysOf is { } find)
                definition = EnabledWith(find(services), definition);
            var loop = new TaskLoop(definition, factory, environment);
            CreateOnce(name, () => tasks.Enter(loop));
        }
    }

    private static InvalidRecurringTaskException NeedsSource(string name, Type key) => new([$"Recurring task '{name}': "
        + $"InCluster needs KeysFrom for keys of type {key.Name}. A host cannot read such keys from their text, so none could "
        + "be added or move. Call KeysFrom, or use keys of type string, int, long or Guid."]);

    // Uses the options in force. The latest options may have been rejected by the keyed task.
    private static TaskDefinition EnabledWith(KeyedLoops loops, TaskDefinition reader) => reader with
    {
        Read = name =>
        {
            var options = reader.Read(name);
            if (!loops.IsEnabled)
                (options.Enabled, options.DisabledBy) = (false, options.DisabledBy ?? $"'{loops.Name}', whose keys it reads");
            return options;
        },
    };

    private void ReadAgain(string name) => tasks.FindEntered(name)?.Reload(OptionsSettings.AreSame);

    private bool IsMade(string name)
    {
        lock (_gate)
            return _isDone || _made.Contains(name);
    }

    // When two threads create the same task, the first result is used.
    private void CreateOnce(string name, Action enter)
    {
        lock (_gate)
        {
            if (_isDone || _made.Contains(name))
                return;
            enter();
            _made.Add(name);
        }
    }
}
