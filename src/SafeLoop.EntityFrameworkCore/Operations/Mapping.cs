using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Makes the nouns of the core from rows.</summary>
internal static class Mapping
{
    public static StoredLoop ToLoop(LoopRow row, string task) => new()
    {
        TaskName = task,
        Key = StoredText.FromLoopKey(row.KeyText),
        Schedule = row.Schedule,
        LastSlot = Micros.ToInstant(row.LastSlot),
        LastEnded = Micros.ToInstant(row.LastEnded),
        LastOutcome = row.LastOutcome,
        LastSuccess = Micros.ToInstant(row.LastSuccess),
        ConsecutiveFailures = row.Failures,
        Counts = new()
        {
            Succeeded = row.Succeeded,
            Failed = row.Failed,
            TimedOut = row.TimedOut,
            Interrupted = row.Interrupted,
            Skipped = row.Skipped,
        },
        Pause = row.PausedSince is not { } since ? null : new()
        {
            Reason = row.PauseReason ?? "",
            By = row.PausedBy,
            Since = Micros.ToInstant(since),
            Until = Micros.ToInstant(row.PausedUntil),
        },
        Change = row.ChangeOptions is not { } options ? null : new()
        {
            Options = options,
            Reason = row.ChangeReason,
            By = row.ChangedBy,
            Since = Micros.ToInstant(row.ChangedSince ?? 0),
            Fingerprint = row.ChangeFingerprint,
        },
        End = row.Ended,
        EndReason = row.EndReason,
    };

    public static HistoryEntry ToEntry(HistoryRow row, string task, Guid instance, ErrorRow? error) => new()
    {
        TaskName = task,
        Key = row.KeyText,
        Record = new()
        {
            Number = row.LongIteration ?? row.Iteration,
            Slot = Micros.ToInstant(row.Slot),
            IsManual = row.IsManual ?? false,
            Started = Micros.ToInstant(row.Started),
            Elapsed = Micros.ToDuration(row.LongElapsed ?? row.Elapsed),
            Outcome = row.Outcome,
            Reason = row.Reason,
            Count = row.LongSlots ?? row.Slots ?? 1,
            Error = row.Message ?? error?.Message,
        },
        FirstSlot = Micros.ToInstant(row.FirstSlot),
        LongestElapsed = Micros.ToDuration(row.LongLongestElapsed ?? row.LongestElapsed ?? 0),
        Instance = instance,
        ErrorType = error?.Type,
        ErrorDetails = error?.Details,
        FencingToken = row.FencingToken ?? 0,
        TraceId = row.TraceId?.ToString("N"),
    };

    public static TaskCommandStatus ToStatus(CommandRow row, string task, IEnumerable<ResultRow> results, long now) => new()
    {
        Command = ToCommand(row, task),
        TakenBy = row.TakenBy,
        IsExpired = row.Expires <= now,
        Results =
        [
            .. results.Select(result => new TaskCommandResult
            {
                Instance = result.Instance,
                Host = result.Host,
                Ended = Micros.ToInstant(result.Ended),
                IsExecuted = result.IsExecuted,
                Text = result.Text,
            }),
        ],
    };

    public static TaskCommand ToCommand(CommandRow row, string task) => new()
    {
        Id = row.Id,
        Number = row.Number,
        TaskName = task,
        Key = row.KeyText,
        Kind = row.Kind,
        Reason = row.Reason,
        By = row.SentBy,
        Until = Micros.ToInstant(row.PausedUntil),
        Options = row.Options,
        Fingerprint = row.Fingerprint,
        Sent = Micros.ToInstant(row.Sent),
        ExpiresAfter = Micros.ToDuration(row.Expires - row.Sent),
        Instance = row.SentFrom,
    };
}
