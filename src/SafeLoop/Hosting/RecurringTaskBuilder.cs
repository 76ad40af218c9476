using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>A registration in the making. Its name can still change, its steps can still be added.</summary>
internal sealed class RecurringTaskBuilder(string name, IServiceCollection services) : IRecurringTaskBuilder
{
    private readonly List<ServiceDescriptor> _verbs = [];

    public string Name { get; private set; } = name;

    public IServiceCollection Services => services;

    public List<TaskStep> Steps { get; } = [];

    /// <summary>Of a keyed task: finds its loops. Null: an ordinary one.</summary>
    public Func<IServiceProvider, KeyedLoops>? Keys { get; set; }

    /// <summary>The task that reads the keys of this one; null: none does.</summary>
    public RecurringTaskBuilder? Reader { get; set; }

    public static string ReaderOf(string name) => $"{name}.keys";

    /// <summary>What the verbs configure, in their order.</summary>
    public IEnumerable<IConfigureNamedOptions<RecurringTaskOptions>> Verbs => _verbs.Select(verb => (IConfigureNamedOptions<RecurringTaskOptions>)verb.ImplementationInstance!);

    public static RecurringTaskBuilder Of(IRecurringTaskBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder as RecurringTaskBuilder ?? throw new ArgumentException($"'{builder.Name}' was not created by AddRecurringTask.", nameof(builder));
    }

    public void Configure(Action<RecurringTaskOptions> configure) =>
        Add(new ConfigureNamedOptions<RecurringTaskOptions>(Name, configure));

    /// <summary>What earlier verbs have configured goes with the name.</summary>
    public void Rename(string name)
    {
        Name = name;
        Reader?.Rename(ReaderOf(name));
        var verbs = _verbs.ToArray();
        _verbs.Clear();
        foreach (var verb in verbs)
        {
            services.Remove(verb);
            Configure(((ConfigureNamedOptions<RecurringTaskOptions>)verb.ImplementationInstance!).Action!);
        }
    }

    private void Add(IConfigureOptions<RecurringTaskOptions> verb)
    {
        var descriptor = ServiceDescriptor.Singleton(verb);
        _verbs.Add(descriptor);
        services.Add(descriptor);
    }
}
