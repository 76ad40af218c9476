using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>The tasks as they were registered, with the options that code and configuration give them now.</summary>
internal sealed class TaskDefinitions(
    IEnumerable<RecurringTaskBuilder> registered,
    IOptionsFactory<RecurringTaskOptions> factory,
    IEnumerable<IPostConfigureOptions<RecurringTaskOptions>> postConfigure)
{
    private readonly RecurringTaskBuilder[] _registered = [.. registered];

    public IReadOnlyList<string> Names => [.. _registered.Select(task => task.Name)];

    /// <exception cref="InvalidRecurringTaskException">The configuration cannot be read.</exception>
    public TaskDefinition Read(int index) => new(_registered[index].Name, new TaskSteps([.. _registered[index].Steps]), factory.Create(_registered[index].Name));

    /// <summary>A task defined at run time, with the verbs of start-up. Their registrations are applied here and then forgotten.</summary>
    /// <exception cref="InvalidRecurringTaskException">The configuration cannot be read.</exception>
    public TaskDefinition Define(string name, Action<IRecurringTaskBuilder> configure)
    {
        var builder = new RecurringTaskBuilder(name, new ServiceCollection());
        configure(builder);

        var options = factory.Create(builder.Name);
        foreach (var verb in builder.Services.Select(service => service.ImplementationInstance).OfType<IConfigureNamedOptions<RecurringTaskOptions>>())
            verb.Configure(builder.Name, options);
        foreach (var last in postConfigure)
            last.PostConfigure(builder.Name, options); // configuration wins over code, which came only now
        return new(builder.Name, new TaskSteps(builder.Steps), options);
    }
}
