namespace SafeLoop;

/// <summary>How long a task has not succeeded, for <c>SucceedWithin</c>.</summary>
internal static class LoopSuccess
{
    /// <returns>Null when the task has no limit, or need not succeed.</returns>
    public static TimeSpan? Missing(TaskLoop task, RecurringTaskSnapshot snapshot) =>
        task.Task.Options.SucceedWithin is null || IsExcused(snapshot) ? null : SinceSuccess(task, snapshot);

    /// <summary>True when the task need not succeed: it has ended as planned, or it is not supposed to run.</summary>
    private static bool IsExcused(RecurringTaskSnapshot snapshot) =>
        snapshot.End is not (null or LoopEnd.Failures)
        || snapshot.State is RecurringTaskState.Disabled or RecurringTaskState.NotStarted
        || (snapshot.State is RecurringTaskState.Paused && snapshot.ConsecutiveFailures == 0)
        || (snapshot.Running == 0 && IsUntried(snapshot));

    /// <summary>True when the task was disabled or paused by hand until its last slot.</summary>
    private static bool IsUntried(RecurringTaskSnapshot snapshot) =>
        snapshot.Last is { Reason: OutcomeReason.Disabled }
        || snapshot is { Last.Reason: OutcomeReason.Paused, ConsecutiveFailures: 0 };

    /// <summary>
    /// Time since the last success, the loop's start, or the first run after re-enabling, whichever is latest.
    /// </summary>
    private static TimeSpan SinceSuccess(TaskLoop task, RecurringTaskSnapshot snapshot)
    {
        var time = task.Loop.Environment.Time;
        var since = task.Loop.StartedAt is { } started ? time.GetElapsedTime(started) : TimeSpan.Zero;
        if (task.Log.SucceededAt is { } success && time.GetElapsedTime(success) is var ago && ago < since)
            since = ago;
        if (IsUntried(snapshot) && task.ActiveLoop.Running.Snapshot is [var first, ..] && first.Age < since)
            since = first.Age;
        return since;
    }
}
