using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>The tasks as they were registered, and how their options are read, at start-up and at every reload.</summary>
internal sealed class TaskDefinitions(
    IEnumerable<RegisteredTasks> registered,
    IEnumerable<IConfigureOptions<RecurringTaskOptions>> configure,
    IEnumerable<IPostConfigureOptions<RecurringTaskOptions>> postConfigure,
    IStepDecorator? decorator = null)
{
    private readonly IConfigureNamedOptions<RecurringTaskOptions>[] _all =
        [.. configure.OfType<IConfigureNamedOptions<RecurringTaskOptions>>()];

    // What was set of tasks without their builders; what their verbs set belongs to them alone, not to a later task of the name.
    private readonly IConfigureNamedOptions<RecurringTaskOptions>[] _common =
    [
        .. configure.Where(setup => setup is not VerbPlace.Verbs).OfType<IConfigureNamedOptions<RecurringTaskOptions>>(),
    ];

    /// <summary>All that were registered before the host was built.</summary>
    public IEnumerable<RegisteredDefinition> Registered => registered
        .SelectMany(tasks => tasks.All)
        .Distinct(ReferenceEqualityComparer.Instance)
        .Cast<RegisteredTask>()
        .Select(task => new RegisteredDefinition(
            new TaskDefinition(task.Name, StepsOf(task), name => Read(name, _all, [])), task));

    /// <summary>A task defined at run time, with the verbs of start-up. Of what they register, only the options count.</summary>
    public TaskDefinition Define(string name, Action<IRecurringTaskBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(RegisteredTasks.None);
        var builder = new RecurringTaskBuilder(name, services);
        configure(builder);
        var verbs = VerbsOf(builder.Task, services);
        return new(builder.Name, StepsOf(builder.Task), name => Read(name, _common, verbs));
    }

    // Apart from Define: what it returns must not keep the builder.
    private static Action<RecurringTaskOptions>[] VerbsOf(RegisteredTask task, ServiceCollection services) => [.. services.SelectMany(service => SetupsOf(task, service))];

    private static IEnumerable<Action<RecurringTaskOptions>> SetupsOf(RegisteredTask task, ServiceDescriptor service)
    {
        var name = task.Name;
        if (VerbPlace.Of(service) is { } place)
            return task.VerbsAt(place);
        return service.ImplementationInstance is IConfigureNamedOptions<RecurringTaskOptions> setup ? [options => setup.Configure(name, options)] : [];
    }

    private TaskSteps StepsOf(RegisteredTask task) =>
        new(decorator is null ? task.Steps : [.. task.Steps.Select(step => decorator.Decorate(task.Name, step))]);

    // Without IOptionsFactory, which throws the first failure of a validator. RecurringTaskFactory asks the validators.
    private RecurringTaskOptions Read(
        string name, IConfigureNamedOptions<RecurringTaskOptions>[] setups, Action<RecurringTaskOptions>[] verbs)
    {
        try
        {
            var options = new RecurringTaskOptions();
            foreach (var setup in setups)
                setup.Configure(name, options);
            foreach (var verb in verbs)
                verb(options);
            foreach (var last in postConfigure)
                last.PostConfigure(name, options);
            return options;
        }
        catch (Exception error) // the user's code: one more sentence among the problems of all tasks
        {
            var problem = $"its configuration threw {ErrorText.Format(error)?.TrimEnd('.')}";
            throw new InvalidRecurringTaskException([OptionsProblems.Sentence(name, problem)]);
        }
    }
}
