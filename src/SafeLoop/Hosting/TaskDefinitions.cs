using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>The registered tasks, and the code that reads their options at start-up and at every reload.</summary>
internal sealed class TaskDefinitions(
    IEnumerable<RegisteredTasks> registered,
    IEnumerable<IConfigureOptions<RecurringTaskOptions>> configure,
    IEnumerable<IPostConfigureOptions<RecurringTaskOptions>> postConfigure,
    IStepDecorator? decorator = null)
{
    private readonly IConfigureNamedOptions<RecurringTaskOptions>[] _all =
        [.. configure.OfType<IConfigureNamedOptions<RecurringTaskOptions>>()];

    // Option setups that were registered without a builder. The setups of verbs belong to their task, not to a later task with
    // the same name.
    private readonly IConfigureNamedOptions<RecurringTaskOptions>[] _common =
    [
        .. configure.Where(setup => setup is not VerbPosition.Verbs).OfType<IConfigureNamedOptions<RecurringTaskOptions>>(),
    ];

    /// <summary>All tasks that were registered before the host was built.</summary>
    public IEnumerable<RegisteredDefinition> Registered
    {
        get
        {
            RegisteredTask[] tasks =
            [
                .. registered.SelectMany(tasks => tasks.All).Distinct(ReferenceEqualityComparer.Instance).Cast<RegisteredTask>(),
            ];
            var names = tasks.Select(task => task.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var read = ReaderWith([]); // one reader for all tasks that were never renamed
            foreach (var task in tasks)
            {
                string[] aliases = [.. task.Aliases.Where(alias => !names.Contains(alias))];
                var definition = new TaskDefinition(task.Name, StepsOf(task), aliases is [] ? read : ReaderWith(aliases));
                yield return new RegisteredDefinition(definition, task);
            }
        }
    }

    /// <summary>
    /// Creates the definition of a task that is added at run time with the start-up verbs. Only the options of the verbs apply,
    /// not the services that they register.
    /// </summary>
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

    // A separate method, so that the returned delegates do not keep the builder alive.
    private static Action<RecurringTaskOptions>[] VerbsOf(RegisteredTask task, ServiceCollection services) =>
        [.. services.SelectMany(service => SetupsOf(task, service))];

    private static IEnumerable<Action<RecurringTaskOptions>> SetupsOf(RegisteredTask task, ServiceDescriptor service)
    {
        var (name, aliases) = (task.Name, task.Aliases);
        if (VerbPosition.From(service) is { } position)
            return task.VerbsAt(position);
        return service.ImplementationInstance is IConfigureNamedOptions<RecurringTaskOptions> setup
            ? [options => OptionsSetup.Apply(setup, name, aliases, options)]
            : [];
    }

    private TaskSteps StepsOf(RegisteredTask task) =>
        new(decorator is null ? task.Steps : [.. task.Steps.Select(step => decorator.Decorate(task.Name, step))]);

    // Does not use IOptionsFactory, which throws the first failure of a validator. RecurringTaskFactory calls the validators.
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
        catch (Exception error) // user code threw; the report of all problems lists it
        {
            var problem = $"its configuration threw {ErrorText.Format(error)?.TrimEnd('.')}";
            throw new InvalidRecurringTaskException([OptionsProblems.Sentence(name, problem)]);
        }
    }
}
