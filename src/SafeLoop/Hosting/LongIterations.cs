namespace SafeLoop;

/// <summary>
/// Reports long iterations without a time limit. Without this, a hanging step is silent: it has no outcome, and often no slot
/// comes due meanwhile.
/// </summary>
internal sealed class LongIterations(RecurringTasks tasks, LoopObservers observers, TimeProvider time) : IDisposable
{
    // Checked by a timer, so that iterations have no extra cost.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    private ITimer? _timer;

    public void Watch()
    {
        // A timer captures the execution context of the thread that creates it.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static watch => ((LongIterations)watch!).Check(), this, Interval, Interval);
    }

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        foreach (var (loop, iteration) in tasks.All.SelectMany(task => task.Running))
            Report(loop.Control.Task, iteration);
    }

    private void Report(RecurringTask task, RunningIteration iteration)
    {
        if (iteration.IsReportedLong || iteration.IsStuck || !iteration.IsLong(task))
            return;
        iteration.IsReportedLong = true;
        observers.Fault(
            FaultKind.LongIteration,
            task.Name,
            $"{NameOf(iteration)} since {iteration.Started.Now} in {iteration.Iteration.CurrentActivity}, and has no time limit. "
                + "If it hangs, give it one: WithTimeout(limit). "
                + "If it may take that long, say so: WithTimeout(Timeout.InfiniteTimeSpan).",
            null,
            iteration.Iteration.Keyed);
    }

    private static string NameOf(RunningIteration iteration) => iteration.Iteration.Number is > 0 and var number
        ? $"Its iteration {number} has been running"
        : "A run that has not started has been waiting";
}
