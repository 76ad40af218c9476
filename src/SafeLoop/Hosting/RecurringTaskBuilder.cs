using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>Builds a registration. Every call changes the service collection at once.</summary>
internal class RecurringTaskBuilder : IRecurringTaskBuilder
{
    private RegisteredTask _task; // the registration at the last access

    /// <exception cref="InvalidOperationException">The host is already built.</exception>
    public RecurringTaskBuilder(string name, IServiceCollection services)
        : this(new RegisteredTask(name), services)
    {
        CheckThatHostIsNotBuilt();
        RegisteredTasks.Add(services, _task);
    }

    private RecurringTaskBuilder(RegisteredTask task, IServiceCollection services) => (_task, Services) = (task, services);

    public string Name => Task.Name;

    public IServiceCollection Services { get; }

    /// <summary>The current registration of the task, which another builder may have changed.</summary>
    public RegisteredTask Task => RegisteredTasks.FindById(Services, _task.Id) is { } now ? _task = now : _task;

    public static string ReaderOf(string name) => $"{name}.keys";

    /// <summary>Finds the task of any builder by its name and services, so that user-defined builders work too.</summary>
    /// <exception cref="ArgumentException">The services have no such task.</exception>
    public static RecurringTaskBuilder From(IRecurringTaskBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder is RecurringTaskBuilder own)
            return own;
        return RegisteredTasks.FindByName(builder.Services, builder.Name) is { } task
            ? new RecurringTaskBuilder(task, builder.Services)
            : throw new ArgumentException(
                $"Recurring task '{builder.Name}' is not registered in these services. Call AddRecurringTask first.",
                nameof(builder));
    }

    public void Add(TaskStep step) => Change(task => task with { Steps = [.. task.Steps, step] });

    public void FindKeys<TKey>(Func<IServiceProvider, KeyedLoops> keys)
        where TKey : notnull => Change(task => task with { Keys = keys, KeyType = typeof(TKey) });

    /// <exception cref="InvalidRecurringTaskException">The task has no keys of this type.</exception>
    public Func<IServiceProvider, KeyedLoops<TKey>> LoopsOf<TKey>(string verb)
        where TKey : notnull
    {
        var task = Task;
        if (task.Keys is { } find && task.KeyType == typeof(TKey))
            return services => (KeyedLoops<TKey>)find(services); // a cast of the delegate fails under Native AOT
        var (key, has) = (typeof(TKey).Name, task.Keys is null ? "has no keys" : "was registered with keys of another type");
        throw new InvalidRecurringTaskException(
            [
                $"Recurring task '{task.Name}': {verb} keys of type {key}, but it {has}. "
                    + $"Register it with AddRecurringTask<TTask, {key}>.",
            ]);
    }

    /// <summary>
    /// Makes another task the reader of the keys of these loops. The reader is enabled only while the loops are.
    /// </summary>
    public void ReadKeysWith(RecurringTaskBuilder reader, Func<IServiceProvider, KeyedLoops> loops)
    {
        reader.Change(task => task with { ReadsKeysOf = loops });
        Change(task => task with { Reader = reader._task.Id });
    }

    public void Configure(Action<RecurringTaskOptions> configure)
    {
        CheckThatHostIsNotBuilt();
        var position = RegisteredTasks.GetPosition(Services);
        Change(task => task with { Verbs = [.. task.Verbs, (position, configure)] });
    }

    public void Rename(string name)
    {
        Change(task => task.Rename(name));
        if (_task.Reader > 0 && RegisteredTasks.FindById(Services, _task.Reader) is { } reader)
            new RecurringTaskBuilder(reader, Services).Rename(ReaderOf(name));
    }

    private void Change(Func<RegisteredTask, RegisteredTask> change)
    {
        CheckThatHostIsNotBuilt();
        _task = change(Task);
        RegisteredTasks.Replace(Services, _task);
    }

    private void CheckThatHostIsNotBuilt()
    {
        if (Services.IsReadOnly)
        {
            throw new InvalidOperationException(
                $"Recurring task '{Name}' can no longer be registered or changed: the host is built. "
                + "Change its options in the configuration, or add tasks with IRecurringTasks.Add.");
        }
    }
}
