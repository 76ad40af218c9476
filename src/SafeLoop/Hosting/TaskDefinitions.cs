using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>The tasks as they were registered, and how their options are read, at start-up and at every reload.</summary>
internal sealed class TaskDefinitions(
    IEnumerable<RecurringTaskBuilder> registered,
    IOptionsFactory<RecurringTaskOptions> factory,
    IEnumerable<IConfigureOptions<RecurringTaskOptions>> configure,
    IEnumerable<IPostConfigureOptions<RecurringTaskOptions>> postConfigure,
    IStepDecorator? decorator = null)
{
    private readonly RecurringTaskBuilder[] _registered = [.. registered];

    // What was set of tasks without their builders; what their verbs set belongs to them alone, not to a later task of the name.
    private readonly IConfigureOptions<RecurringTaskOptions>[] _common = [.. configure.Except(registered.SelectMany(task => task.Verbs))];

    /// <summary>The definitions, and where the loops are of those that are keyed.</summary>
    public IReadOnlyList<(TaskDefinition Definition, Func<IServiceProvider, KeyedLoops>? Keys)> Registered =>
        [.. _registered.Select(task => (new TaskDefinition(task.Name, StepsOf(task), () => factory.Create(task.Name)), task.Keys))];

    /// <summary>A task defined at run time, with the verbs of start-up. Of what they register, only the options count.</summary>
    public TaskDefinition Define(string name, Action<IRecurringTaskBuilder> configure)
    {
        var builder = new RecurringTaskBuilder(name, new ServiceCollection());
        configure(builder);
        name = builder.Name;
        IConfigureNamedOptions<RecurringTaskOptions>[] verbs =
            [.. builder.Services.Select(service => service.ImplementationInstance).OfType<IConfigureNamedOptions<RecurringTaskOptions>>()];
        return new(name, StepsOf(builder), () => Read(name, verbs));
    }

    private TaskSteps StepsOf(RecurringTaskBuilder task) =>
        new([.. decorator is null ? task.Steps : task.Steps.Select(step => decorator.Decorate(task.Name, step))]);

    private RecurringTaskOptions Read(string name, IConfigureNamedOptions<RecurringTaskOptions>[] verbs)
    {
        var options = new RecurringTaskOptions();
        foreach (var setup in _common.Concat(verbs).OfType<IConfigureNamedOptions<RecurringTaskOptions>>())
            setup.Configure(name, options);
        foreach (var last in postConfigure)
            last.PostConfigure(name, options);
        return options;
    }
}
