using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Starts the loops with the host and stops them with it, within its limit.</summary>
internal sealed class RecurringTasksService(
    IServiceProvider services,
    LoopEnvironment environment,
    RecurringTasks tasks,
    KeyedTasks keyed,
    TaskDefinitions definitions,
    IConfiguration? configuration,
    ILogger logger) : IHostedLifecycleService, IDisposable
{
    private readonly ConfigurationReload _reload = new(tasks, keyed, configuration, warning => Warn(logger, warning));
    private readonly LongIterations _long = new(tasks, keyed, environment.Observers, environment.Time);

    /// <summary>Everything is checked before anything starts, and every problem is told at once.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (definitions.AreTaken)
            return Task.CompletedTask;
        environment.Complete();
        var problems = new List<string>();
        foreach (var tasksOfOneName in definitions.Registered.GroupBy(task => task.Definition.Name, StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                if (tasksOfOneName.Skip(1).Any()) // first: what else is wrong with them may come from the verbs of one acting on the other
                    throw RecurringTasks.NameIsTaken(tasksOfOneName.Last().Definition.Name);
                Add(tasksOfOneName.Single());
            }
            catch (InvalidRecurringTaskException error)
            {
                problems.AddRange(error.Problems);
            }
        }

        if (problems.Count > 0)
            throw new InvalidRecurringTaskException(problems);
        definitions.AreTaken = true;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartingAsync(cancellationToken); // hosts that know no lifecycle call only this
        foreach (var warning in Warnings())
            Warn(logger, warning);
        _reload.Watch();
        _long.Watch();
        tasks.Start();
        keyed.Start();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>No new iteration from here on, before other services begin to go.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        EndLoops();
        return Task.CompletedTask;
    }

    /// <summary>A host may be disposed without having been stopped. Its loops end then, and nothing outside keeps it alive.</summary>
    public void Dispose() => EndLoops();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var caller = LoopRunner.Current; // a step that awaits this stop cannot end before it, so it is not waited for
        await StoppingAsync(cancellationToken).ConfigureAwait(false); // the same
        RecurringTaskHandle[] stopping = [.. tasks.All.Concat(tasks.Leaving).Concat(keyed.All.SelectMany(task => task.Kept)).Where(task => task.Loop.IsStarted && task.Acting != caller)];
        Task all = Task.WhenAll([.. stopping.Select(task => task.Completion), .. keyed.All.Select(task => task.CompletionBesides(caller))]);
        await all.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        foreach (var task in stopping)
        {
            foreach (var iteration in task.Acting.Running.Snapshot)
                GiveUp(iteration, task.Task);
        }
        foreach (var (task, loop, iteration) in keyed.Running())
        {
            if (loop.Runner != caller)
                GiveUp(iteration, task.Task);
        }

        var released = environment.Locks.ReleaseRestingAsync();
        await released.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void EndLoops()
    {
        _reload.Dispose();
        _long.Dispose();
        tasks.Stop();
        keyed.Stop();
    }

    // What drains longer than the host may is told to end all the same, while its process is still there; nobody waits for it.
    private void GiveUp(RunningIteration running, RecurringTask task)
    {
        var (iteration, wasCancelled) = (running.Iteration, running.Runner.IsCancelled);
        running.Runner.CancelAfter(TimeSpan.Zero, OutcomeReason.HostStopping);
        Tell(() =>
        {
            var name = iteration.Keyed is null ? task.Name : $"{task.Name}[{iteration.Keyed.Key}]";
            if (wasCancelled)
                Log.DidNotStop(logger, name, iteration.Number, running.Age, iteration.Place);
            else
                Log.DidNotDrain(logger, name, iteration.Number, running.Age, iteration.Place, task.Options.DrainFor);
        });
    }

    private static void Warn(ILogger logger, string warning) => Tell(() => Log.Doubtful(logger, warning));

    private static void Tell(Action write)
    {
        try
        {
            write();
        }
        catch (Exception) // the log is broken, or the text of a key: the host starts and stops all the same
        {
        }
    }

    private void Add((TaskDefinition Definition, Func<IServiceProvider, KeyedLoops>? Keys) task)
    {
        if (task.Keys is null)
            tasks.Add(task.Definition);
        else
            AddKeyed(task.Keys(services), task.Definition);
    }

    private void AddKeyed(KeyedLoops loops, TaskDefinition definition)
    {
        tasks.Reserve(definition.Name);
        keyed.Add(loops, definition);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Warnings()
    {
        foreach (var task in tasks.All.Select(task => task.Task).Concat(keyed.All.Select(task => task.Task)))
        {
            var options = task.Options;
            if (options.Timeout > options.Every)
                yield return $"Recurring task '{task.Name}': Timeout ({options.Timeout}) is longer than Every ({options.Every}), so slow iterations make later slots overlap. Raise Every or lower Timeout.";
        }
    }
}
