using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The steps of a task, run in order, each with its dependencies.</summary>
internal sealed class TaskSteps(TaskStep[] steps)
{
    private Func<Iteration, CancellationToken, ValueTask>[]? _bound;

    public IReadOnlyList<TaskStep> All => steps;

    /// <summary>Runs all steps with dependencies of this iteration's own scope.</summary>
    public async ValueTask RunInScopeAsync(IServiceScopeFactory scopes, LoopObservers observers, Iteration iteration, CancellationToken cancellationToken)
    {
        var (scope, haveRun) = (scopes.CreateAsyncScope(), false);
        try
        {
            iteration.Services = scope.ServiceProvider;
            foreach (var step in steps)
                await RunStepAsync(step, step.Bind(scope.ServiceProvider), iteration, cancellationToken).ConfigureAwait(false);
            haveRun = true;
        }
        finally
        {
            try
            {
                await scope.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (!haveRun) // what the step threw is the outcome, and must not be lost for this
            {
                const string Text = "The services of the iteration's scope could not be disposed.";
                if (!Cancellation.Explains(error, cancellationToken))
                    observers.Fault(iteration.Task, Text, error, iteration.Keyed);
            }
        }
    }

    /// <summary>Runs all steps with dependencies that were resolved once, for the life of the loop.</summary>
    public ValueTask RunBoundAsync(IServiceProvider services, Iteration iteration, CancellationToken cancellationToken)
    {
        iteration.Services = services;
        var bound = _bound ?? Bind(services);
        return bound.Length == 1
            ? RunStepAsync(steps[0], bound[0], iteration, cancellationToken)
            : RunAllAsync(bound, iteration, cancellationToken);
    }

    private Func<Iteration, CancellationToken, ValueTask>[] Bind(IServiceProvider services) => _bound = [.. steps.Select(step => step.Bind(services))];

    private async ValueTask RunAllAsync(Func<Iteration, CancellationToken, ValueTask>[] bound, Iteration iteration, CancellationToken cancellationToken)
    {
        for (var i = 0; i < bound.Length; i++)
            await RunStepAsync(steps[i], bound[i], iteration, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask RunStepAsync(TaskStep step, Func<Iteration, CancellationToken, ValueTask> run, Iteration iteration, CancellationToken cancellationToken)
    {
        // A task cancelled between two steps does not begin the next.
        cancellationToken.ThrowIfCancellationRequested();
        iteration.Place = step.Place;
        return LoopTracing.IsOn && steps.Length > 1
            ? LoopTracing.StepAsync(step.Name, static call => call.run(call.iteration, call.cancellationToken), (run, iteration, cancellationToken))
            : run(iteration, cancellationToken);
    }
}
