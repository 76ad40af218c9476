using System.Runtime.CompilerServices;

namespace SafeLoop.Testing;

/// <summary>Marks the code of every step as that of its iteration, and injects faults in front of it.</summary>
internal sealed class WatchedSteps(FaultInjector faults, Func<RecurringTasks> tasks, Action moved) : IStepDecorator
{
    private readonly ConditionalWeakTable<Iteration, IterationFlow> _flows = [];

    public TaskStep Decorate(string task, TaskStep step) => step with
    {
        Bind = services =>
        {
            var run = step.Bind(services);
            return (iteration, token) => Run(task, run, iteration, token);
        },
    };

    /// <summary>The code of a started iteration; null before its first step.</summary>
    public IterationFlow? FlowOf(Iteration iteration) =>
        _flows.TryGetValue(iteration, out var flow) && flow.Number == iteration.Number ? flow : null;

    private ValueTask Run(
        string task, Func<Iteration, CancellationToken, ValueTask> step, Iteration iteration, CancellationToken token)
    {
        if (FlowOf(iteration) is not { } flow)
            _flows.AddOrUpdate(iteration, flow = new(task, iteration.Number, moved));
        IterationFlow.Current = flow;
        return faults.Take(flow, iteration.Keyed?.Key) is { } fault
            ? RunFaultedAsync(fault(flow, () => Cancel(iteration), token), step, iteration, token)
            : step(iteration, token);
    }

    private static async ValueTask RunFaultedAsync(
        Task fault, Func<Iteration, CancellationToken, ValueTask> step, Iteration iteration, CancellationToken token)
    {
        await fault.ConfigureAwait(false);
        await step(iteration, token).ConfigureAwait(false);
    }

    private void Cancel(Iteration iteration)
    {
        var loop = iteration.Keyed is LoopKey { Runner: { } runner }
            ? runner
            : tasks()[iteration.TaskName].OwnLoop!.ActiveLoop;
        foreach (var running in loop.Running.Snapshot.Where(running => running.Iteration == iteration))
            running.Runner.CancelAfter(TimeSpan.Zero, OutcomeReason.Cancelled);
    }
}
