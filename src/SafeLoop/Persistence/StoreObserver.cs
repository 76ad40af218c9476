using System.Collections.Concurrent;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Passes what happens to the session of the store. It never waits.</summary>
internal sealed class StoreObserver(StoreSession session) : IOwnObserver
{
    // Keyed by reference, because hashing the characters costs more. All events of a task have the same string.
    private readonly ConcurrentDictionary<string, TaskJournal> _journals = new(ReferenceEqualityComparer.Instance);

    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Keyed is not null)
            OnKeyEvent(loopEvent);
        else if (loopEvent.Kind is LoopEventKind.IterationEnded)
            OnEnded(loopEvent);
        else if (loopEvent is { Kind: LoopEventKind.Paused or LoopEventKind.Resumed, IsFromStore: false })
            session.Send(ToCommand(loopEvent, key: null));
        else if (loopEvent.Kind is LoopEventKind.LoopStarted)
            session.Journal.SetEnd(loopEvent.TaskName, null, null);
        else if (loopEvent is { Kind: LoopEventKind.LoopEnded, End: LoopEnd.Removed })
            _journals.TryRemove(loopEvent.TaskName, out _); // a task of this name that is added again has another string
        else if (loopEvent is { Kind: LoopEventKind.LoopEnded, End: not (LoopEnd.HostStopped or LoopEnd.Moved) and { } end })
            session.Journal.SetEnd(loopEvent.TaskName, end, loopEvent.Text);
    }

    public static TaskCommand ToCommand(in LoopEvent change, string? key) => new()
    {
        Id = Guid.NewGuid(),
        TaskName = change.TaskName,
        Key = key,
        Kind = change.Kind is LoopEventKind.Paused ? TaskCommandKind.Pause : TaskCommandKind.Resume,
        Reason = change.Text,
        By = change.Pause?.By ?? change.ResumedBy,
        Until = change.Pause?.Until,
    };

    public static HistoryEntry ToEntry(in LoopEvent ended, string? key) => new()
    {
        TaskName = ended.TaskName,
        Key = key,
        Record = ended.Record,
        FirstSlot = ended.Record.Count > 1 ? ended.FirstSlot.ToNullable() : null,
        FencingToken = ended.FencingToken,
        TraceId = ended.TraceId,
        ErrorType = ended.Exception?.GetType().FullName,
        ErrorDetails = ended.Exception is { } error ? ErrorText.ReadDetails(error) : null,
    };

    private void OnKeyEvent(in LoopEvent loopEvent)
    {
        switch (loopEvent.Kind)
        {
            case LoopEventKind.IterationEnded:
                session.KeyStates.OnIterationEnded(loopEvent);
                break;
            case LoopEventKind.Paused or LoopEventKind.Resumed:
                session.KeyStates.OnPauseChanged(loopEvent);
                break;
            case LoopEventKind.LoopStarted:
                session.KeyStates.OnLoopStarted(loopEvent);
                break;
            case LoopEventKind.LoopEnded:
                session.KeyStates.OnLoopEnded(loopEvent);
                break;
        }
    }

    private void OnEnded(in LoopEvent ended)
    {
        ref readonly var record = ref ended.TheRecord;
        if (record.Reason is OutcomeReason.AlreadyRun && !session.Slots.HasClaim(ended.TaskName, null, record.Slot))
            return; // the outcome of another replica counts
        var journal = _journals.GetOrAdd(ended.TaskName, static (name, journal) => journal.GetTask(name), session.Journal);
        if (!record.IsManual && session.Remembers(journal))
        {
            session.Record(ToEntry(ended, key: null));
            return;
        }
        session.Journal.Count(journal, record, ended.ConsecutiveFailures, isRow: true);
        if (record.Outcome is not IterationOutcome.Succeeded && session.Journal.TryReserve(journal, record))
            session.Journal.Add(journal, ToEntry(ended, key: null));
    }
}
