namespace SafeLoop;

/// <summary>What a loop looks like from outside, put together from what it, its log and its mail know.</summary>
internal static class LoopStates
{
    public static RecurringTaskState Of(LoopRunner loop)
    {
        if (loop.Completion.IsCompleted)
            return RecurringTaskState.Ended;
        if (!loop.IsStarted)
            return RecurringTaskState.NotStarted;
        if (loop.Before is { } before)
            return Of(before);
        if (loop.Running.Count > 0)
            return loop.Running.ToArray().Any(iteration => iteration.IsStuck) ? RecurringTaskState.Stuck : RecurringTaskState.Running;
        if (!loop.Mail.Task.Options.Enabled)
            return RecurringTaskState.Disabled;
        return loop.Mail.Paused is null ? RecurringTaskState.Waiting : RecurringTaskState.Paused;
    }

    public static RecurringTaskSnapshot Snapshot(RecurringTaskHandle handle)
    {
        var (loop, log) = (handle.Loop, handle.Log);
        var running = loop.Running.ToArray();
        lock (log.Gate)
        {
            return new RecurringTaskSnapshot
            {
                Name = handle.Name,
                State = Of(loop),
                StateReason = loop.Mail.Stop?.Reason ?? loop.Mail.Paused,
                End = loop.Completion.IsCompleted ? loop.Mail.Stop?.End : null,
                Iterations = log.History.Iterations,
                Succeeded = log.CountOf(IterationOutcome.Succeeded),
                Failed = log.CountOf(IterationOutcome.Failed),
                TimedOut = log.CountOf(IterationOutcome.TimedOut),
                Interrupted = log.CountOf(IterationOutcome.Interrupted),
                Skipped = log.CountOf(IterationOutcome.Skipped),
                Missed = log.Missed,
                ConsecutiveFailures = log.History.ConsecutiveFailures,
                Running = running.Length,
                RunningSince = running.Length == 0 ? null : running.Min(iteration => iteration.Started.Now),
                Last = log.Last,
                LastSuccess = log.LastSuccess,
                LastException = log.LastException,
                NextSlot = loop.Mail.Stop is null ? loop.Schedule.NextOnWall : null,
                RejectedChange = handle.Rejected,
            };
        }
    }
}
