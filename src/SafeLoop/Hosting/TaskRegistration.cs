namespace SafeLoop;

/// <summary>Makes the registered tasks: all of them when the host starts, one when it is looked up before.</summary>
/// <threadsafety>All members may be used from any thread. Users' code that configures options runs under no lock.</threadsafety>
internal sealed class TaskRegistration(
    IServiceProvider services,
    RecurringTasks tasks,
    KeyedTasks keyed,
    TaskDefinitions definitions,
    RecurringTaskFactory factory,
    LoopEnvironment environment)
{
    // Code that configures options may look for a task, and would be asked again.
    [ThreadStatic]
    private static bool _isReading;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _made = new(StringComparer.OrdinalIgnoreCase);
    private volatile Lazy<ILookup<string, RegisteredDefinition>> _registered = new(() => ByName(definitions.Registered));
    private bool _isDone;

    /// <summary>Makes the task of this name, if it is registered and not made yet.</summary>
    /// <exception cref="InvalidRecurringTaskException">Its registration is invalid.</exception>
    public void Make(string name)
    {
        if (!_isReading && _registered.Value.Contains(name))
            Read(() => Make(name, isAgain: false));
    }

    /// <summary>Makes all that are not made yet, and reads the options of the others again.</summary>
    /// <returns>Everything that is wrong with them.</returns>
    public IReadOnlyList<string> MakeAll()
    {
        var problems = new List<string>();
        if (_isReading)
            return problems;
        foreach (var name in _registered.Value.Select(group => group.Key))
        {
            try
            {
                using var call = environment.Observers.Calls.Enter("its registration (options, exclusions, pipelines)", name);
                Read(() => Make(name, isAgain: true));
            }
            catch (InvalidRecurringTaskException error)
            {
                problems.AddRange(error.Problems);
            }
        }
        return problems;
    }

    /// <summary>The host is starting, with all of them: what was remembered to make them is forgotten.</summary>
    public void Forget()
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

    private static void Read(Action make)
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

    private void Make(string name, bool isAgain)
    {
        RegisteredDefinition[] registered = [.. _registered.Value[name]];
        if (registered.Length == 0)
            return;
        if (registered is not [var (definition, task)]) // first: their verbs may act on each other, and cause other mistakes
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
            Once(name, () =>
            {
                loops.Define(definition, made);
                tasks.EnterKeyed(definition.Name, new KeyedTaskControl(definition.Name, loops));
                keyed.Add(loops);
            });
        }
        else
        {
            if (task.ReadsKeysOf is { } find)
                definition = EnabledWith(find(services), definition);
            var handle = new RecurringTaskHandle(definition, factory, environment);
            Once(name, () => tasks.Enter(handle));
        }
    }

    // The options in force, not those last read: the keyed task may have refused them.
    private static TaskDefinition EnabledWith(KeyedLoops loops, TaskDefinition reader) => reader with
    {
        Read = name =>
        {
            var options = reader.Read(name);
            options.Enabled &= loops.IsEnabled;
            return options;
        },
    };

    private void ReadAgain(string name)
    {
        if (tasks.Known(name) is { IsKeyed: false } handle)
            handle.Reload(OptionsSettings.AreSame);
        else
            keyed.All.FirstOrDefault(task => string.Equals(task.Name, name, StringComparison.OrdinalIgnoreCase))
                ?.Reload(OptionsSettings.AreSame);
    }

    private bool IsMade(string name)
    {
        lock (_gate)
            return _isDone || _made.Contains(name);
    }

    // Of two threads that made the same, the first one's counts.
    private void Once(string name, Action enter)
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
