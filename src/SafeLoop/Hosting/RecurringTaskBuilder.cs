using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A registration in the making: what is said of it is written into the service collection at once.</summary>
internal class RecurringTaskBuilder : IRecurringTaskBuilder
{
    /// <exception cref="InvalidOperationException">The host is built.</exception>
    public RecurringTaskBuilder(string name, IServiceCollection services)
    {
        (Services, Task) = (services, new RegisteredTask(name));
        CheckThatHostIsNotBuilt();
        RegisteredTasks.Add(services, Task);
    }

    public string Name => Task.Name;

    public IServiceCollection Services { get; }

    public RegisteredTask Task { get; private set; }

    /// <summary>The task that reads the keys of this one; null: none does.</summary>
    public RecurringTaskBuilder? Reader { get; set; }

    public static string ReaderOf(string name) => $"{name}.keys";

    public static RecurringTaskBuilder Of(IRecurringTaskBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder as RecurringTaskBuilder ?? throw new ArgumentException($"'{builder.Name}' was not created by AddRecurringTask.", nameof(builder));
    }

    public void Add(TaskStep step) => Change(Task with { Steps = [.. Task.Steps, step] });

    public void FindKeys<TKey>(Func<IServiceProvider, KeyedLoops> keys)
        where TKey : notnull => Change(Task with { Keys = keys, KeyType = typeof(TKey) });

    /// <exception cref="InvalidRecurringTaskException">It has none with keys of this type.</exception>
    public Func<IServiceProvider, KeyedLoops<TKey>> LoopsOf<TKey>(string verb)
        where TKey : notnull
    {
        if (Task.Keys is { } find && Task.KeyType == typeof(TKey))
            return services => (KeyedLoops<TKey>)find(services); // a cast of the delegate fails under Native AOT
        var (key, has) = (typeof(TKey).Name, Task.Keys is null ? "has no keys" : "was registered with keys of another type");
        throw new InvalidRecurringTaskException(
            [
                $"Recurring task '{Name}': {verb} keys of type {key}, but it {has}. "
                    + $"Register it with AddRecurringTask<TTask, {key}>.",
            ]);
    }

    /// <summary>Makes this the task that reads the keys of these loops, which it does only while they are enabled.</summary>
    public void ReadKeysOf(Func<IServiceProvider, KeyedLoops> loops) => Change(Task with { ReadsKeysOf = loops });

    public void Configure(Action<RecurringTaskOptions> configure)
    {
        CheckThatHostIsNotBuilt();
        Change(Task with { Verbs = [.. Task.Verbs, (RegisteredTasks.PlaceIn(Services), configure)] });
    }

    public void Rename(string name)
    {
        Change(Task with { Name = name });
        Reader?.Rename(ReaderOf(name));
    }

    private void Change(RegisteredTask task)
    {
        CheckThatHostIsNotBuilt();
        RegisteredTasks.Replace(Services, Task, task);
        Task = task;
    }

    private void CheckThatHostIsNotBuilt()
    {
        if (Services.IsReadOnly)
            throw new InvalidOperationException($"Recurring task '{Name}' can no longer be registered or changed: the host is built. Change its options in the configuration, or add tasks with IRecurringTasks.Add.");
    }
}
