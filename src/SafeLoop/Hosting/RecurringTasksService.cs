using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Starts the loops with the host and stops them with it, within its limit.</summary>
internal sealed class RecurringTasksService(
    RecurringTasks tasks,
    TaskDefinitions definitions,
    IConfiguration? configuration,
    ILogger logger) : IHostedLifecycleService
{
    private readonly ConfigurationReload _reload = new(tasks, definitions, configuration);
    private bool _isDefined;

    /// <summary>Everything is checked before anything starts, and every problem is told at once.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_isDefined)
            return Task.CompletedTask;
        var problems = new List<string>();
        for (var index = 0; index < definitions.Names.Count; index++)
        {
            try
            {
                tasks.Add(definitions.Read(index));
            }
            catch (InvalidRecurringTaskException error)
            {
                problems.AddRange(error.Problems);
            }
        }

        if (problems.Count > 0)
            throw new InvalidRecurringTaskException(problems);
        _isDefined = true;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartingAsync(cancellationToken); // hosts that know no lifecycle call only this
        foreach (var warning in Warnings())
            Log.Doubtful(logger, warning);
        _reload.Watch();
        tasks.Start();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>No new iteration from here on, before other services begin to go.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _reload.Dispose();
        tasks.Stop();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await StoppingAsync(cancellationToken).ConfigureAwait(false); // the same
        LoopRunner[] loops = [.. tasks.All.Select(task => task.Loop).Where(loop => loop.IsStarted), .. tasks.Leaving];
        Task all = Task.WhenAll(loops.Select(loop => loop.Completion));
        await all.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        foreach (var iteration in loops.SelectMany(loop => loop.NotEnded).Distinct())
            Log.DidNotStop(logger, iteration.Iteration.Task, iteration.Iteration.Number, iteration.Age, iteration.Iteration.Step);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Warnings()
    {
        foreach (var task in tasks.All)
        {
            var options = task.Task.Options;
            if (options.Timeout > options.Every)
                yield return $"Recurring task '{task.Name}': Timeout ({options.Timeout}) is longer than Every ({options.Every}), so slow iterations make later slots overlap. Raise Every or lower Timeout.";
        }
        foreach (var warning in _reload.UnknownSections())
            yield return warning;
    }
}
