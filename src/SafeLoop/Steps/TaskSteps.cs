using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The steps of a task, run in order, each with its dependencies.</summary>
internal sealed class TaskSteps(TaskStep[] steps)
{
    private Func<Iteration, CancellationToken, ValueTask>[]? _bound;
    private long _blockedTicks;

    public IReadOnlyList<TaskStep> All => steps;

    /// <summary>
    /// The total time for which the steps have blocked threads of the pool. Only blocks of at least 100 ms count.
    /// </summary>
    public TimeSpan BlockedFor => new(Interlocked.Read(ref _blockedTicks));

    /// <summary>Adds a block of a thread of the pool.</summary>
    public void AddBlocked(TimeSpan duration) => Interlocked.Add(ref _blockedTicks, duration.Ticks);

    /// <summary>Runs all steps with dependencies of this iteration's own scope.</summary>
    public async ValueTask RunInScopeAsync(
        IServiceScopeFactory scopes,
        LoopObservers observers,
        Iteration iteration,
        IStepWatch watch,
        CancellationToken cancellationToken)
    {
        var subject = iteration.Subject;
        var (scope, haveRun) = (scopes.CreateAsyncScope(), false);
        try
        {
            iteration.Services = scope.ServiceProvider;
            foreach (var step in steps)
            {
                watch.OnStepStarting(); // the time of its constructors counts
                var run = Bind(step, scope.ServiceProvider, observers, iteration, subject);
                await RunStepAsync(step, run, observers, iteration, watch, cancellationToken).ConfigureAwait(false);
            }
            haveRun = true;
        }
        finally
        {
            watch.DiscardTimestamp();
            iteration.CurrentActivity = "the disposal of its services";
            try
            {
                await EndAsync(scope, observers, subject).ConfigureAwait(false);
            }
            catch (Exception error) when (!haveRun) // the exception of the step is the outcome and must not be hidden
            {
                const string Text = "The services of the iteration's scope could not be disposed.";
                if (!Cancellation.IsCausedBy(error, cancellationToken))
                    observers.Fault(FaultKind.ServicesNotDisposed, iteration.TaskName, Text, error, iteration.Keyed);
            }
        }
    }

    /// <summary>Runs all steps with dependencies that are resolved once per loop.</summary>
    public ValueTask RunBoundAsync(
        IServiceProvider services,
        LoopObservers observers,
        Iteration iteration,
        IStepWatch watch,
        CancellationToken cancellationToken)
    {
        iteration.Services = services;
        var bound = _bound ?? BindAll(services, observers, iteration);
        return bound.Length == 1
            ? RunStepAsync(steps[0], bound[0], observers, iteration, watch, cancellationToken)
            : RunAllAsync(bound, observers, iteration, watch, cancellationToken);
    }

    // A separate method; otherwise RunBoundAsync would allocate this closure for each iteration.
    private Func<Iteration, CancellationToken, ValueTask>[] BindAll(
        IServiceProvider services, LoopObservers observers, Iteration iteration)
    {
        var subject = iteration.Subject;
        return _bound = [.. steps.Select(step => Bind(step, services, observers, iteration, subject))];
    }

    private static Func<Iteration, CancellationToken, ValueTask> Bind(
        TaskStep step, IServiceProvider services, LoopObservers observers, Iteration iteration, object subject)
    {
        iteration.CurrentActivity = step.Activity;
        using var call = observers.Calls.Enter(step, subject);
        return step.Bind(services);
    }

    private static ValueTask EndAsync(AsyncServiceScope scope, LoopObservers observers, object subject)
    {
        using var call = observers.Calls.Enter("the disposal of its services", subject);
        return scope.DisposeAsync();
    }

    private async ValueTask RunAllAsync(
        Func<Iteration, CancellationToken, ValueTask>[] bound,
        LoopObservers observers,
        Iteration iteration,
        IStepWatch watch,
        CancellationToken cancellationToken)
    {
        for (var i = 0; i < bound.Length; i++)
            await RunStepAsync(steps[i], bound[i], observers, iteration, watch, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask RunStepAsync(
        TaskStep step,
        Func<Iteration, CancellationToken, ValueTask> run,
        LoopObservers observers,
        Iteration iteration,
        IStepWatch watch,
        CancellationToken cancellationToken)
    {
        // A task that is cancelled between two steps does not start the next one.
        cancellationToken.ThrowIfCancellationRequested();
        iteration.CurrentActivity = step.Activity;
        watch.OnStepStarting();
        var running = ValueTask.CompletedTask;
        try
        {
            if (!LoopTracing.IsOn || steps.Length == 1)
                return running = run(iteration, cancellationToken);
            return running = LoopTracing.StepAsync(
                observers,
                iteration,
                step.Name,
                static call => call.run(call.iteration, call.cancellationToken),
                (run, iteration, cancellationToken),
                cancellationToken);
        }
        finally
        {
            watch.OnStepReturned(step, running.IsCompleted);
        }
    }
}
