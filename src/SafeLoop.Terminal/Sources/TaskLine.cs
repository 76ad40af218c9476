using SafeLoop.Dashboard;
using SafeLoop.Storage;

namespace SafeLoop.Terminal;

/// <summary>A task as the verbs show it. What the source does not know is null.</summary>
internal sealed record TaskLine
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The text of its key; null: the task as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>Its schedule in words; that of a store may be <c>Every</c> as well as <c>WithDelay</c>.</summary>
    public string? Schedule { get; init; }

    /// <summary>The id of the time zone of its schedule; null: none, or unknown.</summary>
    public string? Zone { get; init; }

    /// <summary>Its state; null: a store knows only of pauses and ends.</summary>
    public RecurringTaskState? State { get; init; }

    /// <summary>A sentence about the state.</summary>
    public string? StateReason { get; init; }

    /// <summary>The pause in force.</summary>
    public TaskPause? Pause { get; init; }

    /// <summary>Why its loop has ended.</summary>
    public LoopEnd? End { get; init; }

    /// <summary>How the last slot ended.</summary>
    public IterationOutcome? LastOutcome { get; init; }

    /// <summary>When the last iteration ended, or the last slot was skipped.</summary>
    public DateTimeOffset? LastEnded { get; init; }

    /// <summary>When the last success ended.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The next slot; null: none, or a store cannot know it.</summary>
    public DateTimeOffset? NextSlot { get; init; }

    /// <summary>How many iterations in a row failed or timed out.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>The last error, where the user may see it.</summary>
    public string? LastError { get; init; }

    /// <summary>How many slots ended in which outcome.</summary>
    public OutcomeCounts Counts { get; init; }

    /// <summary>Of a keyed task, how many keys the application has, and in which states.</summary>
    public KeyCounts? Keys { get; init; }

    /// <summary>From the API: the task of the host that answers, or what its store has.</summary>
    public static TaskLine From(TaskSummary task) => task is { IsHere: false, Stored: { } stored } ? From(stored) : new()
    {
        Name = task.Name,
        Key = task.Snapshot.Key,
        Schedule = task.Schedule,
        Zone = task.Zone,
        State = task.IsHere ? task.Snapshot.State : null,
        StateReason = task.Snapshot.StateReason,
        Pause = task.Snapshot.Pause,
        End = task.Snapshot.End,
        LastOutcome = task.Snapshot.LastOutcome,
        LastEnded = task.Snapshot.LastEnded,
        LastSuccess = task.Snapshot.LastSuccess,
        NextSlot = task.Snapshot.NextSlot,
        ConsecutiveFailures = task.Snapshot.ConsecutiveFailures,
        LastError = task.Snapshot.LastError,
        Counts = task.Stored?.Counts ?? CountsOf(task.Snapshot),
        Keys = task.Snapshot.Keys,
    };

    /// <summary>From a store, which knows neither whether a loop runs nor when it is due next.</summary>
    public static TaskLine From(StoredLoop loop) => new()
    {
        Name = loop.TaskName,
        Key = loop.Key,
        Schedule = loop.Schedule is { } schedule ? ScheduleWords.DescribeStored(schedule) : null,
        Zone = StoredSchedule.Read(loop.Schedule)?.Cron?.Zone,
        State = loop.End is not null ? RecurringTaskState.Ended : loop.Pause is not null ? RecurringTaskState.Paused : null,
        StateReason = loop.EndReason,
        Pause = loop.Pause,
        End = loop.End,
        LastOutcome = loop.LastOutcome is IterationOutcome.None ? null : loop.LastOutcome,
        LastEnded = loop.LastEnded,
        LastSuccess = loop.LastSuccess,
        ConsecutiveFailures = loop.ConsecutiveFailures,
        Counts = loop.Counts,
    };

    private static OutcomeCounts CountsOf(RecurringTaskSnapshot snapshot) => new()
    {
        Succeeded = snapshot.Succeeded,
        Failed = snapshot.Failed,
        TimedOut = snapshot.TimedOut,
        Interrupted = snapshot.Interrupted,
        Skipped = snapshot.Skipped,
    };
}
