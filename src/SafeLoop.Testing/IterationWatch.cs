using System.Runtime.CompilerServices;

namespace SafeLoop.Testing;

/// <summary>
/// Finds the iterations that are at work and those that wait for virtual time. Time passes only when none is at work.
/// </summary>
internal sealed class IterationWatch(Func<RecurringTasks> tasks, WatchedSteps steps)
{
    private readonly ConditionalWeakTable<LoopRunner, IterationFlow> _loops = [];

    /// <summary>From here on this thread runs the loop's own code.</summary>
    public void Enter(LoopRunner loop, Action moved) =>
        IterationFlow.Current = _loops.GetValue(loop, _ => new IterationFlow("", 0, moved));

    /// <summary>A task that is at work; null when all loops are parked.</summary>
    /// <param name="anyRuns">An iteration is under way, if only waiting.</param>
    public BusyTask? FindBusy(out bool anyRuns)
    {
        anyRuns = false;
        foreach (var loop in tasks().Ordinary.Concat(tasks().Ending)
            .Concat(tasks().All.OfType<KeyedLoops>().SelectMany(task => task.Loops)))
        {
            if (FindBusy(loop, ref anyRuns) is { } busy)
                return busy;
        }
        return FindBusyKey(ref anyRuns);
    }

    /// <summary>Called when a task has not become idle within the limit of real time.</summary>
    /// <returns>A sentence for the error; null when virtual time may still end the wait.</returns>
    public string? GiveUp(BusyTask busy, TimeSpan limit)
    {
        if (busy.Iteration is not { } running)
            return $"Recurring task '{busy.Task.Name}': its loop has not started within {limit} of real time.";

        var flow = FlowOf(busy.Loop, running);
        (flow.IsGivenUp, flow.IsStirred) = (true, false);
        if (flow.IsDelayed || flow.HasTimeout || flow.IsHeld || flow.IsCancelled || busy.Task.TimeLimit is not null)
            return null;
        if (running.Iteration.CurrentActivity == Iteration.Claiming)
            return null; // a call of the store has a time limit
        var which = running.Iteration.Number == 0 ? "an iteration" : $"iteration {running.Iteration.Number}";
        return $"Recurring task '{busy.Task.Name}': {which} waits in {running.Iteration.CurrentActivity} for something that is "
            + $"not virtual time, and has not ended within {limit} of real time. "
            + "Let it await the host's TimeProvider, give it a fake of what it waits for, or raise RealTimeLimit.";
    }

    private BusyTask? FindBusy(TaskLoop task, ref bool anyRuns)
    {
        var acting = task.ActiveLoop;
        if (acting is { IsStarted: true, HasEntered: false, Completion.IsCompleted: false } && !HasPredecessor(task))
            // The thread pool is about to start it, after the end of its predecessor.
            return new(task.Task, acting, null, false);
        if (acting.Running.Count == 0)
            return null;
        foreach (var running in acting.Running.Snapshot)
        {
            if (FindBusy(task.Task, acting, running, ref anyRuns) is { } busy)
                return busy;
        }
        return null;
    }

    private BusyTask? FindBusyKey(ref bool anyRuns)
    {
        foreach (var task in tasks().All.OfType<KeyedLoops>())
        {
            foreach (var (loop, running) in task.Running)
            {
                if (FindBusy(task.Task, loop, running, ref anyRuns) is { } busy)
                    return busy;
            }
        }
        return null;
    }

    private BusyTask? FindBusy(RecurringTask task, LoopRunner loop, RunningIteration running, ref bool anyRuns)
    {
        var flow = FlowOf(loop, running);
        if (!IsParked(task, loop, running, flow))
            return new(task, loop, running, flow.IsStirred);
        anyRuns |= !flow.IsHeld && !running.IsStuck;
        return null;
    }

    private bool HasPredecessor(TaskLoop task) =>
        tasks().Ending.TakeWhile(ending => ending != task).Any(ending => !ending.Completion.IsCompleted
            && string.Equals(ending.Name, task.Name, StringComparison.OrdinalIgnoreCase));

    private IterationFlow FlowOf(LoopRunner loop, RunningIteration running) =>
        steps.FlowOf(running.Iteration) ?? _loops.GetValue(loop, static _ => new IterationFlow("", 0));

    private bool IsParked(RecurringTask task, LoopRunner loop, RunningIteration running, IterationFlow flow)
    {
        if (running.IsStuck)
            return true;
        if (!flow.IsCancelled && running.Runner.EndWhenStuck.Outcome is not IterationOutcome.Succeeded)
            (flow.IsCancelled, flow.IsStirred, flow.IsGivenUp) = (true, !flow.IsHeld, false);
        if (flow.IsAtWork)
            return false;
        // Also when it was cancelled: if the cancellation ends this wait, then by way of the thread pool, which time waits for.
        if (flow.IsDelayed)
            return true;
        if (flow.IsStirred)
            return false;
        var waitsForItsLock = running.Iteration.Number == 0 && task.Options.Lock.Name is not null;
        return flow.IsHeld || flow.IsGivenUp || waitsForItsLock || _loops.TryGetValue(loop, out var own) && own.IsDelayed;
    }
}
