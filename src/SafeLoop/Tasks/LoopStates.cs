namespace SafeLoop;

/// <summary>Builds the state and the snapshot of an ordinary loop from its runner, its log and its control.</summary>
internal static class LoopStates
{
    public static RecurringTaskState GetState(LoopRunner loop)
    {
        if (loop.Completion.IsCompleted)
            return RecurringTaskState.Ended;
        if (!loop.IsStarted)
            return RecurringTaskState.NotStarted;
        if (loop.Running.Count > 0)
        {
            var isStuck = loop.Running.Snapshot.Any(iteration => iteration.IsStuck);
            return isStuck ? RecurringTaskState.Stuck : RecurringTaskState.Running;
        }
        if (!loop.Control.Task.Options.Enabled)
            return RecurringTaskState.Disabled;
        if (loop.Control.PauseReason is not null)
            return RecurringTaskState.Paused;
        return loop.IsHeld ? RecurringTaskState.NotStarted : RecurringTaskState.Waiting;
    }

    private static string? WhyDisabled(LoopRunner loop) =>
        loop.Control.StopRequest is null ? loop.Control.Task.Options.WhyDisabled : null;

    private static string? MistakeOf(LoopRunner loop) => loop.Control.StopRequest is not null ? null
        : loop.Schedule.Mistake is { } mistake ? $"The delay policy {mistake}."
        : loop.Schedule.WaitsForClockUntil is { } until ? $"The wall clock was set back; the loop waits for it until {until}."
        : null;

    private static string? WhereElse(TaskLoop task) =>
        task.IsElsewhere ? "This host does not own it: another host of the cluster runs it, or none does yet." : null;

    private static string? BlockedIn(LoopRunner loop, string task)
    {
        var blocked = loop.Environment.Observers.Blocked.All
            .FirstOrDefault(call => call.Task == task && call.Keyed?.Id == loop.Log.Keyed?.Id);
        return blocked is null ? null : $"The loop is blocked: {blocked.Callee} does not return.";
    }

    /// <summary>Reads a value for the gauges; null when the loop has ended.</summary>
    public static double? Measure(TaskLoop task, TaskMeasure measure)
    {
        if (measure is TaskMeasure.OpenShards)
            return !task.IsInCluster ? null : task.IsElsewhere ? 0 : 1;
        var isOfKeys = measure is TaskMeasure.Keys or TaskMeasure.RunningKeys or TaskMeasure.FailingKeys;
        if (isOfKeys || Snapshot(task) is not { End: null } snapshot)
            return null;
        return measure switch
        {
            TaskMeasure.Running => snapshot.Running,
            TaskMeasure.Stuck => task.ActiveLoop.Running.Snapshot.Count(static iteration => iteration.IsStuck),
            TaskMeasure.ConsecutiveFailures => snapshot.ConsecutiveFailures,
            TaskMeasure.LastSuccess =>
                SinceEpoch(snapshot.LastSuccess ?? task.Log.LastSuccessOrRegistration.ToDateTimeOffset()),
            TaskMeasure.Succeeded => snapshot.LastSuccess is null ? 0 : 1,
            TaskMeasure.NextSlot => SinceEpoch(snapshot.NextSlot ?? task.RunningSlot),
            _ => null,
        };
    }

    private static double? SinceEpoch(DateTimeOffset? instant) => (instant - DateTimeOffset.UnixEpoch)?.TotalSeconds;

    public static RecurringTaskSnapshot Snapshot(TaskLoop task)
    {
        var (loop, log) = (task.ActiveLoop, task.Log);
        var running = loop.Running.Snapshot;
        var key = log.Keyed is { } keyed ? LoopName.FormatKey(keyed.Key) : null; // not under the gate: ToString is user code
        lock (log.Gate)
        {
            return new RecurringTaskSnapshot
            {
                Name = task.Name,
                Key = key,
                State = GetState(loop),
                StateReason = loop.Control.StopRequest?.Reason ?? WhyDisabled(loop) ?? loop.Control.PauseReason
                    ?? MistakeOf(loop) ?? BlockedIn(loop, task.Name) ?? WhereElse(task),
                Pause = loop.Control.Pause,
                End = loop.Completion.IsCompleted ? loop.Control.StopRequest?.End : null,
                Iterations = log.State.Iterations,
                Succeeded = log.CountOf(IterationOutcome.Succeeded),
                Failed = log.CountOf(IterationOutcome.Failed),
                TimedOut = log.CountOf(IterationOutcome.TimedOut),
                Interrupted = log.CountOf(IterationOutcome.Interrupted),
                Skipped = log.CountOf(IterationOutcome.Skipped),
                Missed = log.Missed,
                ConsecutiveFailures = log.State.ConsecutiveFailures,
                Running = running.Count,
                RunningSince = running.Count == 0
                    ? null
                    : loop.Schedule.Clock.ToWall(new(running.Min(iteration => iteration.Started.Now.UtcTicks))).ToNullable(),
                Last = log.Last,
                LastOutcome = log.LastOutcome,
                LastEnded = log.LastEnded is { IsNone: false } ended ? loop.Schedule.Clock.ToWall(ended).ToNullable() : null,
                LastSuccess = log.LastSuccess is { IsNone: false } success
                    ? loop.Schedule.Clock.ToWall(success).ToNullable()
                    : null,
                LastException = log.LastException,
                LastError = log.ErrorBefore,
                NextSlot = loop.Control.StopRequest is null ? loop.Schedule.NextOnWall : null,
                RejectedChange = task.RejectedChange,
                Change = task.StoredChange,
            };
        }
    }
}
