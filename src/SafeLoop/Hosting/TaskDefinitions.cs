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
    public IEnumerable<RegisteredDefinition> Registered
    {
        get
        {
            RegisteredTask[] tasks =
            [
                .. registered.SelectMany(tasks => tasks.All).Distinct(ReferenceEqualityComparer.Instance).Cast<RegisteredTask>(),
            ];
            var names = tasks.Select(task => task.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var read = ReaderWith([]); // one for all tasks that were never renamed
            foreach (var task in tasks)
            {
                string[] aliases = [.. task.Aliases.Where(alias => !names.Contains(alias))];
                var definition = new TaskDefinition(task.Name, StepsOf(task), aliases is [] ? read : ReaderWith(aliases));
                yield return new RegisteredDefinition(definition, task);
            }
        }
    }

    /// <summary>A task defined at run time, with the verbs of start-up. Of what they register, only the options count.</summary>
    public TaskDefinition Define(string name, Action<IRecurringTaskBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(RegisteredTasks.None);
        var builder = new RecurringTaskBuilder(name, services);
        configure(builder);
        var (task, aliases) = (builder.Task, builder.Task.Aliases);
        var verbs = VerbsOf(task, services);
        return new(task.Name, StepsOf(task), name => Read(name, aliases, _common, verbs));
    }

    private Func<string, RecurringTaskOptions> ReaderWith(string[] aliases) => name => Read(name, aliases, _all, []);

    // Apart from Define: what it returns must not keep the builder.
    private static Action<RecurringTaskOptions>[] VerbsOf(RegisteredTask task, ServiceCollection services) =>
        [.. services.SelectMany(service => SetupsOf(task, service))];

    private static IEnumerable<Action<RecurringTaskOptions>> SetupsOf(RegisteredTask task, ServiceDescriptor service)
    {
        var (name, aliases) = (task.Name, task.Aliases);
        if (VerbPlace.Of(service) is { } place)
            return task.VerbsAt(place);
        return service.ImplementationInstance is IConfigureNamedOptions<RecurringTaskOptions> setup
            ? [options => OptionsSetup.Apply(setup, name, aliases, options)]
            : [];
    }

    private TaskSteps StepsOf(RegisteredTask task) =>
        new(decorator is null ? task.Steps : [.. task.Steps.Select(step => decorator.Decorate(task.Name, step))]);

    // Without IOptionsFactory, which throws the first failure of a validator. RecurringTaskFactory asks the validators.
    private RecurringTaskOptions Read(
        string name,
        string[] aliases,
        IConfigureNamedOptions<RecurringTaskOptions>[] setups,
        Action<RecurringTaskOptions>[] verbs)
    {
        try
        {
            var options = new RecurringTaskOptions();
            foreach (var setup in setups)
                OptionsSetup.Apply(setup, name, aliases, options);
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
