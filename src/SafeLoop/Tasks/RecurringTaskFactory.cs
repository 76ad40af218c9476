using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;

namespace SafeLoop;

/// <summary>Creates the immutable definition of a task from its options, or throws with all problems of the options.</summary>
internal sealed class RecurringTaskFactory(
    IServiceProvider services, LoopEnvironment environment, ServiceGraph graph, Func<string?> defaultTimeZone)
{
    // Resolved once, because options may change while the host is being disposed.
    private readonly OptionsValidation _validation = new(services.GetServices<IValidateOptions<RecurringTaskOptions>>());
    private readonly ResiliencePipelineProvider<string>? _pipelines = services.GetService<ResiliencePipelineProvider<string>>();

    // Not resolved: the cluster itself needs the tasks. A container that cannot report its services is trusted.
    private bool HasCluster =>
        services.GetService<IServiceProviderIsService>()?.IsService(typeof(IRecurringTaskCluster)) is not false;

    /// <exception cref="InvalidRecurringTaskException">The options are invalid.</exception>
    public RecurringTask Create(string name, TaskSteps steps, RecurringTaskOptions options, bool keyed = false)
    {
        options = options.Copy();
        options.DefaultTimeZone = defaultTimeZone();
        var problems = new OptionsProblems(name, options, environment.Time.GetUtcNow());
        problems.CheckName();
        foreach (var failure in _validation.FailuresOf(name, options))
            problems.Add(failure);
        var delay = problems.FindSchedule();
        problems.CheckLimits();
        CheckSteps(name, steps, problems);
        CheckServices(ServiceNeed.FindAll(steps, options), options.Singleton, problems);
        CheckKeys(options, keyed, problems);
        CheckStore(options, keyed, problems);
        CheckCluster(options, problems);
        CheckFencing(options, problems);
        var resilience = FindResilience(options, problems);

        return problems.All.Count == 0
            ? new RecurringTask(name, options.Freeze(), delay!, resilience, steps)
            : throw new InvalidRecurringTaskException(problems.All);
    }

    /// <summary>Creates the definition of the keys with this schedule. All keys share the steps and the resilience.</summary>
    /// <exception cref="InvalidRecurringTaskException">The schedule is invalid.</exception>
    public RecurringTask Create(RecurringTask task, in KeySchedule own)
    {
        var options = task.Options.With(own);
        var problems = new OptionsProblems(task.Name, options, environment.Time.GetUtcNow());
        var schedule = problems.FindSchedule();
        return problems.All.Count == 0
            ? task.With(options, schedule!)
            : throw new InvalidRecurringTaskException(problems.All);
    }

    private static void CheckKeys(RecurringTaskOptions options, bool keyed, OptionsProblems problems)
    {
        if (options.Concurrency is not null && !keyed)
        {
            problems.Add($"Concurrency {options.Concurrency} has no effect without keys. Call OnOverlap(Overlap.Allow, max), "
                + "or register it with AddRecurringTask<TTask, TKey>()");
        }
        if (options.SucceedWithin is not null && keyed)
        {
            problems.Add($"SucceedWithin ({options.SucceedWithin}) is not watched key by key. Remove it; "
                + "health reports keys that fail, hang or have ended anyway");
        }
        if (options.PingAfter is not null && keyed)
        {
            problems.Add("PingAfter has one URL, which cannot say which of its keys failed. Remove it, and let an ordinary task "
                + "with PingAfter check the keys, or alert on the metric safeloop.keys.failing");
        }
        if (options.DedicatedThread && keyed)
        {
            problems.Add("OnDedicatedThread would start a thread for each of its keys. Remove it, and limit "
                + "with Concurrency(max) how many keys block threads of the pool at a time");
        }
    }

    private static void CheckSteps(string name, TaskSteps steps, OptionsProblems problems)
    {
        if (steps.All.Count == 0)
            problems.Add("it has no step. Call Step(name, …), or register it with a class or a delegate");
        foreach (var step in steps.All.Where(step => step.Name != name)) // the step of a delegate has the name of its task
            problems.CheckPrintable($"the name of step '{step.Name}'", step.Name);
        foreach (var twice in steps.All.GroupBy(step => step.Name).Where(group => group.Count() > 1))
            problems.Add($"two steps are named '{twice.Key}'. Give each its own name");
    }

    private void CheckServices(IEnumerable<ServiceNeed> needs, bool isSingleton, OptionsProblems problems)
    {
        foreach (var need in needs)
        {
            var found = need.Mistake is { } mistake
                ? [mistake]
                : graph.ProblemsOf(need.Service, isSingleton).Select(problem => problem.Sentence(need.Who, need.IsClass));
            foreach (var problem in found)
                problems.Add(problem);
        }
    }

    private void CheckStore(RecurringTaskOptions options, bool keyed, OptionsProblems problems)
    {
        if (options.SurviveRestarts is not { } window)
            return;
        if (environment.Store is null)
        {
            problems.Add($"SurviveRestarts ({window}) needs a store. Call services.AddRecurringTaskStore(…) of the package "
                + "SafeLoop.EntityFrameworkCore, or remove SurviveRestarts");
        }
        if (keyed && options.KeySchedules is not null)
        {
            problems.Add($"SurviveRestarts ({window}) is not available with a schedule per key, because the store knows one "
                + "schedule per task. Give all keys the same schedule, or remove SurviveRestarts: with a store, the pause and "
                + "the failures of each key are kept anyway");
        }
    }

    private void CheckCluster(RecurringTaskOptions options, OptionsProblems problems)
    {
        if (options.InCluster && !HasCluster)
        {
            problems.Add("InCluster needs a cluster, which decides which host runs its loops. Call "
                + "services.AddRecurringTaskCluster(…) of the package SafeLoop.Orleans, or remove InCluster");
        }
    }

    private void CheckFencing(RecurringTaskOptions options, OptionsProblems problems)
    {
        if (options.Lock is { RequireFencing: true, Name: { } name } && environment.Locks.Provider is { HasFencing: false } locks)
        {
            problems.Add($"it requires fencing, but the leases of lock '{name}' bear no fencing tokens: "
                + $"{locks.GetType().Name} has no source of them. Give it one, or remove RequireFencing");
        }
    }

    private ResiliencePipeline? FindResilience(RecurringTaskOptions options, OptionsProblems problems)
    {
        object?[] all = [options.Resilience, options.ResiliencePipeline, options.ConfigureResilience];
        var ways = all.Count(way => way is not null);
        if (ways > 1)
            problems.Add("WithResilience is given in more than one way. Keep the name, the pipeline or the configuration");
        if (options.ConfigureResilience is { } configure)
            return Build(configure, problems);
        if (options.Resilience is not { } name)
            return options.ResiliencePipeline;

        if (_pipelines?.TryGetPipeline(name, out var pipeline) is true)
            return pipeline;
        problems.Add($"Resilience '{name}' is not a registered pipeline. Call services.AddResiliencePipeline(\"{name}\", …)");
        return null;
    }

    private ResiliencePipeline? Build(Action<ResiliencePipelineBuilder> configure, OptionsProblems problems)
    {
        try
        {
            var builder = new ResiliencePipelineBuilder { TimeProvider = environment.Time };
            configure(builder);
            return builder.Build();
        }
        catch (Exception error) // user code; the exception is one more problem of the task
        {
            problems.Add($"WithResilience could not build its pipeline: {ErrorText.ReadMessage(error)?.TrimEnd('.')}");
            return null;
        }
    }
}
