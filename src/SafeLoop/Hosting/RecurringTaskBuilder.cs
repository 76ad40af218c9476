using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>A registration in the making. Its name can still change, its steps can still be added.</summary>
internal sealed class RecurringTaskBuilder(string name, IServiceCollection services) : IRecurringTaskBuilder
{
    private readonly List<(VerbPlace Place, Action<RecurringTaskOptions> Configure)> _verbs = [];

    public string Name { get; private set; } = name;

    public IServiceCollection Services => services;

    public TaskStep[] Steps { get; private set; } = [];

    /// <summary>Of a keyed task: finds its loops. Null: an ordinary one.</summary>
    public Func<IServiceProvider, KeyedLoops>? Keys { get; set; }

    /// <summary>The task that reads the keys of this one; null: none does.</summary>
    public RecurringTaskBuilder? Reader { get; set; }

    public static string ReaderOf(string name) => $"{name}.keys";

    public static RecurringTaskBuilder Of(IRecurringTaskBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder as RecurringTaskBuilder ?? throw new ArgumentException($"'{builder.Name}' was not created by AddRecurringTask.", nameof(builder));
    }

    /// <exception cref="InvalidOperationException">The host is built.</exception>
    public void Configure(Action<RecurringTaskOptions> configure)
    {
        if (services.IsReadOnly)
            throw new InvalidOperationException($"Recurring task '{Name}' is registered already: the host is built. Change its options in the configuration, or add tasks with IRecurringTasks.Add.");
        _verbs.Add((VerbPlace.LastIn(services), configure));
    }

    /// <summary>What the verbs at a place configure, in their order.</summary>
    public IEnumerable<Action<RecurringTaskOptions>> VerbsAt(VerbPlace place) => _verbs.Where(verb => verb.Place == place).Select(verb => verb.Configure);

    public void Add(TaskStep step) => Steps = [.. Steps, step];

    public void Rename(string name)
    {
        Name = name;
        Reader?.Rename(ReaderOf(name));
    }
}
