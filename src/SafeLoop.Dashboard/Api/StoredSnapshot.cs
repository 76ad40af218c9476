using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Shows what is stored of a task or a key that this host does not have.</summary>
internal static class StoredSnapshot
{
    public static RecurringTaskSnapshot Of(StoredLoop loop) => new()
    {
        Name = loop.TaskName,
        Key = loop.Key,
        State = loop.End is not null ? RecurringTaskState.Ended
            : loop.Pause is not null ? RecurringTaskState.Paused
            : RecurringTaskState.NotStarted,
        StateReason = loop.EndReason ?? loop.Pause?.Reason ?? "This host does not have it.",
        Pause = loop.Pause,
        End = loop.End,
        Succeeded = loop.Counts.Succeeded,
        Failed = loop.Counts.Failed,
        TimedOut = loop.Counts.TimedOut,
        Interrupted = loop.Counts.Interrupted,
        Skipped = loop.Counts.Skipped,
        ConsecutiveFailures = loop.ConsecutiveFailures,
        LastOutcome = loop.LastOutcome is IterationOutcome.None ? null : loop.LastOutcome,
        LastEnded = loop.LastEnded,
        LastSuccess = loop.LastSuccess,
        Change = loop.Change,
    };
}
