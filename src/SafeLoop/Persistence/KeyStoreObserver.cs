using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// Passes what happens to the loops of keys to the session of the store: failures, pauses and ends. A key that is none of them
/// has no row.
/// </summary>
internal sealed class KeyStoreObserver(StoreSession session)
{
    public void OnIterationEnded(in LoopEvent ended)
    {
        ref readonly var record = ref ended.TheRecord;
        var (key, keys) = (ended.Keyed!, session.KeysOf(ended.TaskName));
        var isRemembered = !record.IsManual && keys.AreRemembered;
        var remembered = isRemembered ? keys.Identify(key) : null;
        if (record.Reason is OutcomeReason.AlreadyRun && !session.Slots.HasClaim(ended.TaskName, remembered, record.Slot))
            return; // the outcome of another replica counts
        session.Journal.Count(keys.Journal, record, ended.ConsecutiveFailures, isRow: false);
        var isFailing = ended.ConsecutiveFailures > 0;
        if (remembered is not null)
        {
            session.Record(StoreObserver.ToEntry(ended, remembered)); // the store counts its failures
            return;
        }
        if (isRemembered)
            return; // its text does not identify it
        if (record.Outcome is not IterationOutcome.Succeeded)
            AddRow(keys.Journal, ended, isFailing ? keys.Identify(key) : keys.ReadText(key));
        if (isFailing && keys.Identify(key) is { } failing)
            Save(keys, key.Id, ToChange(ended, failing), hasEnd: false);
        else if (!isFailing && keys.Find(key.Id) is { HasRow: true } recovered)
            Forget(keys, key.Id, ToChange(ended, recovered.Text));
    }

    public void OnPauseChanged(in LoopEvent change)
    {
        var keys = session.KeysOf(change.TaskName);
        if (keys.Identify(change.Keyed!) is not { } text)
            return;
        var loop = change.Keyed!.Id;
        if (change is { IsFromStore: false } && (change.Kind is LoopEventKind.Resumed || !change.IsPauseOfState))
            session.Send(StoreObserver.ToCommand(change, text));
        var state = new LoopChange
        {
            Loop = new() { TaskName = change.TaskName, Key = text, Pause = change.Pause },
            HasPauseChanged = change.IsPauseOfState,
        };
        if (change.Kind is LoopEventKind.Resumed)
            Forget(keys, loop, state);
        else if (change.IsPauseOfState)
            Save(keys, loop, state, hasEnd: false);
    }

    public void OnLoopEnded(in LoopEvent ended)
    {
        if (ended.End is LoopEnd.HostStopped or LoopEnd.Moved)
            return;
        var (key, keys) = (ended.Keyed!, session.KeysOf(ended.TaskName));
        if (ended.End is LoopEnd.Removed)
        {
            if (ended.Pause is { } pause && keys.ReadText(key) is { } paused)
                keys.SetPause(paused, pause); // it is still paused when it is added again
            return;
        }
        if (keys.Identify(key) is not { } text)
            return;
        var loop = new StoredLoop { TaskName = ended.TaskName, Key = text, End = ended.End, EndReason = ended.Text };
        Save(keys, key.Id, new() { Loop = loop, HasEndChanged = true }, hasEnd: true);
    }

    // A loop that is started again is neither ended nor paused.
    public void OnLoopStarted(in LoopEvent started)
    {
        var keys = session.KeysOf(started.TaskName);
        if (keys.Find(started.Keyed!.Id) is { HasEnd: true } ended)
            Forget(keys, started.Keyed.Id, ClearEnd(ended.Text, started.TaskName) with { HasPauseChanged = true });
    }

    /// <summary>Called when what is stored of a key was restored. Its loop has not ended any more.</summary>
    public void OnRestored(StoredKeys keys, LoopId loop, string text, StoredLoop stored)
    {
        if (stored.End is null)
            return;
        if (stored.Pause is null)
            Forget(keys, loop, ClearEnd(text, stored.TaskName));
        else
            Save(keys, loop, ClearEnd(text, stored.TaskName), hasEnd: false);
    }

    /// <summary>Called when a key was removed. Its pause stays in the store, and so does its last slot.</summary>
    public void OnRemoved(StoredKeys keys, LoopId loop, bool isMoved)
    {
        if (keys.Remove(loop) is { HasRow: true } key && !keys.AreRemembered && !isMoved)
            session.Journal.Set(ClearEnd(key.Text, keys.TaskName) with { IsForgotten = true });
    }

    private void AddRow(TaskJournal journal, in LoopEvent ended, string? text)
    {
        if (text is not null && session.Journal.TryReserve(journal, ended.TheRecord))
            session.Journal.Add(journal, StoreObserver.ToEntry(ended, text));
    }

    private void Save(StoredKeys keys, LoopId loop, LoopChange change, bool hasEnd)
    {
        keys.Set(loop, hasRow: true, hasEnd);
        session.Journal.Set(change);
    }

    // The row of a remembered key stays, because it has the last slot.
    private void Forget(StoredKeys keys, LoopId loop, LoopChange change)
    {
        var isRemembered = keys.AreRemembered;
        if (isRemembered)
            keys.Set(loop, hasRow: false, hasEnd: false);
        else
            keys.Remove(loop);
        session.Journal.Set(change with { IsForgotten = !isRemembered });
    }

    private static LoopChange ClearEnd(string text, string task) => new()
    {
        Loop = new() { TaskName = task, Key = text },
        HasEndChanged = true,
    };

    private static LoopChange ToChange(in LoopEvent ended, string text) => new()
    {
        Loop = new()
        {
            TaskName = ended.TaskName,
            Key = text,
            LastEnded = ended.TheRecord.Ended.ToDateTimeOffset(),
            LastOutcome = ended.Record.Outcome,
            ConsecutiveFailures = ended.ConsecutiveFailures,
        },
    };
}
