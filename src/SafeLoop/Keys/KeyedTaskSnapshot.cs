namespace SafeLoop;

/// <summary>Builds the snapshot of a keyed task in one pass over its keys.</summary>
internal static class KeyedTaskSnapshot
{
    public static RecurringTaskSnapshot Create(KeyedLoops all)
    {
        var (runningKeys, failing, paused, ended, running, unrecorded, failures, isStuck) = (0, 0, 0, 0, 0, 0, 0, false);
        Instant? oldest = null;
        var next = Instant.Never;
        foreach (var key in all.ViewAll())
        {
            failing += key is { End: null, Failures: > 0 } ? 1 : 0;
            paused += key is { End: null, IsPausedIndividually: true } ? 1 : 0;
            ended += key.End is null or LoopEnd.Removed or LoopEnd.HostStopped or LoopEnd.Moved ? 0 : 1;
            failures = Math.Max(failures, key.End is null ? key.Failures : 0);
            if (key.End is null && !key.NextSlot.IsNone)
                next = Instant.Min(next, key.NextSlot);
            if (key.Runner is not { Running.Count: > 0 } runner)
                continue;
            runningKeys++;
            foreach (var iteration in runner.Running.Snapshot)
            {
                running++;
                unrecorded += iteration is { IsStuck: false, Iteration.Number: > 0 } ? 1 : 0;
                isStuck |= iteration.IsStuck;
                oldest = oldest is { } sooner ? Instant.Min(sooner, iteration.Started.Now) : iteration.Started.Now;
            }
        }

        var totals = all.Records.Totals;
        return new RecurringTaskSnapshot
        {
            Name = all.Name,
            State = StateOf(all, running > 0, isStuck),
            StateReason = all.WhyDisabled ?? all.PauseReason,
            Pause = all.Group.Pause,
            End = all.Completion.IsCompleted ? LoopEnd.HostStopped : null,
            Iterations = totals.Iterations + unrecorded,
            Succeeded = totals.Succeeded,
            Failed = totals.Failed,
            TimedOut = totals.TimedOut,
            Interrupted = totals.Interrupted,
            Skipped = totals.Skipped,
            Missed = totals.Missed,
            ConsecutiveFailures = failures,
            Running = running,
            RunningSince = oldest is { } since ? all.Clock.ToWall(since).ToNullable() : null,
            Last = totals.Last,
            LastOutcome = totals.Last?.Outcome,
            LastEnded = totals.Last is { } last ? all.Clock.ToWall(last.Ended).ToNullable() : null,
            LastSuccess = totals.LastSuccess.IsNone ? null : all.Clock.ToWall(totals.LastSuccess).ToNullable(),
            LastException = totals.LastException,
            NextSlot = next.IsNever ? null : all.Clock.ToWall(next).ToNullable(),
            RejectedChange = all.RejectedChange,
            Keys = new KeyCounts { Count = all.Count, Running = runningKeys, Failing = failing, Paused = paused, Ended = ended },
        };
    }

    private static RecurringTaskState StateOf(KeyedLoops all, bool isRunning, bool isStuck)
    {
        if (all.Completion.IsCompleted)
            return RecurringTaskState.Ended;
        if (!all.HasStarted)
            return RecurringTaskState.NotStarted;
        if (isRunning)
            return isStuck ? RecurringTaskState.Stuck : RecurringTaskState.Running;
        if (!all.IsEnabled)
            return RecurringTaskState.Disabled;
        if (all.PauseReason is not null)
            return RecurringTaskState.Paused;
        return all.IsHeld ? RecurringTaskState.NotStarted : RecurringTaskState.Waiting;
    }
}
