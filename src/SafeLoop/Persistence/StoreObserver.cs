using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Passes what happens to the session of the store. It never waits.</summary>
internal sealed class StoreObserver(StoreSession session) : IOwnObserver
{
    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Kind is LoopEventKind.IterationEnded)
            OnEnded(loopEvent);
        else if (loopEvent is { Kind: LoopEventKind.Paused or LoopEventKind.Resumed, IsFromStore: false, Keyed: null })
            session.Send(ToCommand(loopEvent));
    }

    private static TaskCommand ToCommand(in LoopEvent change) => new()
    {
        Id = Guid.NewGuid(),
        TaskName = change.TaskName,
        Kind = change.Kind is LoopEventKind.Paused ? TaskCommandKind.Pause : TaskCommandKind.Resume,
        Reason = change.Pause?.Reason,
        By = change.Pause?.By,
        Until = change.Pause?.Until,
    };

    private void OnEnded(in LoopEvent ended)
    {
        ref readonly var record = ref ended.TheRecord;
        if (record.Reason is OutcomeReason.AlreadyRun && !session.HasClaim(ended.TaskName, record.Slot))
            return; // the outcome of another replica counts
        var isKeyed = ended.Keyed is not null;
        var journal = session.Journal.Of(ended.TaskName);
        var isRemembered = !isKeyed && !record.IsManual && session.Remembers(journal);
        if (isRemembered)
        {
            session.Record(ToEntry(ended));
            return;
        }
        session.Journal.Count(journal, record, ended.ConsecutiveFailures, isRow: !isKeyed);
        if (record.Outcome is not IterationOutcome.Succeeded && session.Journal.TryReserve(ended.TaskName, record))
            session.Journal.Add(ToEntry(ended));
        if (isKeyed && (ended.ConsecutiveFailures > 0 || ended.FailuresBefore > 0))
            session.Journal.Set(ToChange(ended));
    }

    private static HistoryEntry ToEntry(in LoopEvent ended) => new()
    {
        TaskName = ended.TaskName,
        Key = ended.Key is { } key ? LoopName.ReadKey(key) : null,
        Record = ended.Record,
        FirstSlot = ended.FirstSlot.ToNullable(),
        ErrorType = ended.Exception?.GetType().FullName,
        ErrorDetails = ended.Exception is { } error ? ErrorText.ReadDetails(error) : null,
    };

    private static LoopChange ToChange(in LoopEvent ended) => new()
    {
        IsForgotten = ended.ConsecutiveFailures == 0,
        Loop = new()
        {
            TaskName = ended.TaskName,
            Key = LoopName.ReadKey(ended.Key!),
            LastEnded = ended.TheRecord.Ended.ToDateTimeOffset(),
            LastOutcome = ended.Record.Outcome,
            ConsecutiveFailures = ended.ConsecutiveFailures,
        },
    };
}
