using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Starts the loops with the host and stops them with it, within the host's shutdown limit.</summary>
internal sealed class RecurringTasksService(
    LoopEnvironment environment,
    RecurringTasks tasks,
    TaskRegistration registration,
    ApplicationStart start,
    StoreSession? store,
    CommonSettings common,
    IConfiguration? configuration,
    IClusterHost? cluster,
    ILogger logger) : IHostedLifecycleService, IDisposable
{
    // Long enough to write a log, short enough for a host whose limit has passed. In real time, like the host's limit.
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(1);

    // A step is reported as ignoring its cancellation only after this time.
    private static readonly TimeSpan TimeToObey = TimeSpan.FromSeconds(1);

    private readonly ConfigurationReload _reload = new(
        tasks,
        new DisabledTasks(tasks, text => TryLog(() => HostLog.Disabled(logger, text))),
        configuration,
        warning => Warn(logger, warning));

    private readonly LongIterations _long = new(tasks, environment.Observers, environment.Time);
    private readonly StopCallers _callers = new();
    private bool _isReady;

    /// <summary>
    /// Validates all tasks before any loop starts, and reports all problems at once. Runs by hand are possible afterwards.
    /// </summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_isReady)
            return Task.CompletedTask;
        environment.Observers.Blocked.Watch(environment.Pacemaker); // first, because the code below calls user code
        environment.ResolveServices();
        _reload.Watch(); // before the options are read, so that no change is lost
        if (FindProblems() is { Length: > 0 } problems)
            throw new InvalidRecurringTaskException(problems);
        _isReady = true;

        WriteWarnings();
        foreach (var task in Tasks().Where(task => CronZones.IsLocal(task.Options.Zone)))
            TryLog(() => Log.LocalZone(logger, task.Name, CronZones.IdOf(task.Options.Zone)));
        _reload.WarnOfUnknownSections();
        _long.Watch();
        start.Await();
        store?.Start(tasks);
        tasks.Start();
        registration.ReleaseStartUpData();
        _reload.Begin();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartingAsync(cancellationToken); // hosts without IHostedLifecycleService call only this method
        start.OnServiceStarted();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Prevents new iterations, before other services stop. Loops of a cluster are handed over first.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (cluster is not null)
            await cluster.LeaveAsync(cancellationToken).ConfigureAwait(false);
        EndLoops();
    }

    /// <summary>Ends the loops of a host that is disposed without being stopped, so that they do not keep it alive.</summary>
    public void Dispose()
    {
        cluster?.Abandon();
        EndLoops();
        _ = store?.StopAsync(new CancellationToken(canceled: true)).AsTask();
        environment.Observers.Blocked.Dispose();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var caller = LoopRunner.Current is { Running.Count: > 0 } own ? own : null; // a step that awaits this stop
        _callers.Add(caller);
        try
        {
            // Hosts without IHostedLifecycleService call only this method.
            await StoppingAsync(cancellationToken).ConfigureAwait(false);
            if (!await TryWaitForLoopsAsync(cancellationToken).ConfigureAwait(false))
            {
                // On another thread and with a limit, because the log itself may block.
                var report = Task.Run(ReportUnstopped, CancellationToken.None)
                    .WaitAsync(LogLimit, TimeProvider.System, CancellationToken.None);
                await report.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _callers.Remove(caller);
        }
        if (environment.Pings is { } pings)
            await pings.WaitForLastAsync(cancellationToken).ConfigureAwait(false);
        if (store is not null)
            await store.StopAsync(cancellationToken).ConfigureAwait(false);
        environment.Observers.Blocked.Dispose();

        var released = environment.Locks.ReleaseHeldForMinimumTimeAsync();
        await released.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <returns>False when the host's limit passed before all loops had ended.</returns>
    private async Task<bool> TryWaitForLoopsAsync(CancellationToken limit)
    {
        while (true)
        {
            var (callers, changed) = _callers.Read();
            var all = Task.WhenAll(
            [
                .. tasks.All.Concat(tasks.Ending).Select(task => task.CompletionWithout(callers)),
            ]);
            Task either = Task.WhenAny(all, changed);
            await either.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (all.IsCompleted || limit.IsCancellationRequested)
                return all.IsCompleted;
        }
    }

    private void ReportUnstopped()
    {
        var (callers, _) = _callers.Read();
        foreach (var (loop, iteration) in tasks.All.Concat(tasks.Ending).SelectMany(task => task.Running))
        {
            if (!callers.Contains(loop))
                CancelUndrained(iteration, loop.Control.Task);
        }
        foreach (var call in environment.Observers.Calls.Snapshot())
        {
            TryLog(() =>
            {
                var keyed = call.Subject as IKeyed;
                var log = KeyedLogger.For(logger, keyed);
                Log.DidNotReturn(log, keyed?.TaskName ?? (string)call.Subject, BlockedCall.NameOf(call.Callee));
            });
        }
    }

    private void EndLoops()
    {
        _reload.Dispose();
        _long.Dispose();
        start.Dispose();
        tasks.Stop();
    }

    // Cancels an iteration that drains longer than the host allows, while the process still exists. The host does not wait for
    // it.
    private void CancelUndrained(RunningIteration running, RecurringTask task)
    {
        var (iteration, wasCancelled) = (running.Iteration, running.Runner.IsCancelled);
        running.Runner.CancelAfter(TimeSpan.Zero, OutcomeReason.HostStopping);
        TryLog(() =>
        {
            var log = KeyedLogger.For(logger, iteration.Keyed);
            if (iteration.Number == 0)
                LogBeforeStart.DidNotStop(log, task.Name, running.Age, iteration.CurrentActivity, WhyNot(running));
            else if (wasCancelled)
                Log.DidNotStop(log, task.Name, iteration.Number, running.Age, iteration.CurrentActivity, WhyNot(running));
            else
                Log.DidNotDrain(
                    log, task.Name, iteration.Number, running.Age, iteration.CurrentActivity, task.Options.DrainFor);
        });
    }

    private string WhyNot(RunningIteration running) =>
        running.Runner.CancelledFor is var span && span < TimeToObey
        ? string.Create(CultureInfo.InvariantCulture, $" and was cancelled only {span.TotalMilliseconds:N0} ms before")
        : environment.Pacemaker.IsStarved
        ? ", possibly because the thread pool has no free thread on which it could end"
        : ", which ignores its cancellation token";

    private void WriteWarnings()
    {
        using var call = environment.Observers.Calls.Enter("the log", "SafeLoop");
        if (common.Warning is { } warning)
            Warn(logger, warning);
        foreach (var task in Tasks())
            environment.Observers.Warn(task.Name, TaskWarnings.FindAll(task, environment));
    }

    private static void Warn(ILogger logger, string warning) =>
        TryLog(() => HostLog.Warning(logger, Printable.Escape(warning, Printable.LongestText)));

    private static void TryLog(Action write)
    {
        try
        {
            write();
        }
        catch (Exception) // a broken log must not keep the host from starting or stopping
        {
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string[] FindProblems()
    {
        using var call = environment.Observers.Calls.Enter("the configuration and the options of its tasks", "SafeLoop");
        var problems = common.Merge(
        [
            .. registration.CreateAll(), .. FormerNames.FindProblems([.. Tasks()]), .. store?.FindProblems() ?? [],
            .. cluster?.FindProblems() ?? [],
        ]);
        return OptionsFromConfiguration.MistakeIn(configuration) is { } mistake ? [.. problems, mistake] : [.. problems];
    }

    private IEnumerable<RecurringTask> Tasks() =>
        tasks.All.Select(task => task.Task);
}
