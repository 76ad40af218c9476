using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>The guards of a <see cref="MemoryStore"/>. Tests override one, to show that another test notices.</summary>
internal class MemoryRules
{
    /// <summary>The present time, which is that of the database.</summary>
    public virtual DateTimeOffset Now(TimeProvider database, TimeProvider host) => database.GetUtcNow();

    /// <summary>The application in which a host finds its tasks.</summary>
    public virtual string ApplicationOf(string application) => application;

    /// <summary>The text by which a key is found.</summary>
    public virtual string? KeyOf(string? key) => key;

    /// <summary>The instant by which a slot is claimed and recorded.</summary>
    public virtual DateTimeOffset SlotOf(DateTimeOffset slot) => slot;

    /// <summary>The entries of an answer, of those that are the last of each task.</summary>
    public virtual IEnumerable<HistoryEntry> LatestOf(IEnumerable<HistoryEntry> latest, int count) => latest;

    /// <summary>True when a claim that is there is the one that is asked for.</summary>
    public virtual bool IsOwn(MemoryClaim claim, Guid instance) => claim.Instance == instance;

    /// <summary>True when a slot without a claim can be claimed, or recorded as skipped.</summary>
    public virtual bool IsFree(MemoryLoop loop, DateTimeOffset first, DateTimeOffset now) =>
        !(first <= loop.State.LastSlot) || IsWrong(loop.State.LastSlot, first, now);

    /// <summary>True when the last slot comes from a host whose clock was wrong.</summary>
    public virtual bool IsWrong(DateTimeOffset? last, DateTimeOffset first, DateTimeOffset now) =>
        last > now.AddDays(1) && first <= now.AddDays(1);

    /// <summary>True when a slot has an outcome, so that it must not run.</summary>
    public virtual bool HasOutcome(MemoryEntries history, MemoryTask task, string? key, DateTimeOffset slot) =>
        history.HasOutcome(task, key, slot);

    /// <summary>True when an instance may claim.</summary>
    public virtual bool MayClaim(MemoryInstance? instance) => instance is { HasEnded: false };

    /// <summary>True when the claim of an outcome is there.</summary>
    public virtual bool MayRecord(MemoryClaim? claim, Guid instance) => claim?.Instance == instance;

    /// <summary>True when the same outcome has been recorded before.</summary>
    public virtual bool IsRecorded(MemoryEntries history, MemoryTask task, HistoryEntry entry) =>
        history.Contains(task, entry);

    /// <summary>True when an instance is lost.</summary>
    public virtual bool IsSilent(TimeSpan silence, TimeSpan lostAfter) => silence > lostAfter;

    /// <summary>Removes a claim that has ended.</summary>
    public virtual void Remove(MemoryLoop loop, MemoryClaim claim) => loop.Claims.Remove(claim.Slot);

    /// <summary>True when a batch was saved before.</summary>
    public virtual bool IsSaved(MemoryInstance instance, StoreBatch batch) => batch.Number <= instance.Batch;

    /// <summary>The state of a loop after a change.</summary>
    public virtual StoredLoop Merge(StoredLoop stored, LoopChange change) => KeepLast(stored, change.Loop) with
    {
        TaskName = stored.TaskName,
        Schedule = change.Loop.Schedule ?? stored.Schedule,
        LastSuccess = change.Loop.LastSuccess ?? stored.LastSuccess,
        LastSlot = stored.LastSlot is null || change.Loop.LastSlot > stored.LastSlot ? change.Loop.LastSlot : stored.LastSlot,
        Counts = stored.Counts + change.Loop.Counts,
        Pause = change.HasPauseChanged ? change.Loop.Pause : stored.Pause,
        Change = stored.Change,
        End = change.HasEndChanged ? change.Loop.End : stored.End,
        EndReason = change.HasEndChanged ? change.Loop.EndReason : stored.EndReason,
    };

    /// <summary>The state of a loop after an outcome was recorded.</summary>
    public virtual StoredLoop Count(StoredLoop stored, IterationRecord record)
    {
        var ended = record.Started + record.Elapsed;
        var counted = stored with { Counts = stored.Counts.Add(record.Outcome, record.Count) };
        if (ended < stored.LastEnded)
            return counted;
        return counted with
        {
            LastEnded = ended,
            LastOutcome = record.Outcome,
            LastSuccess = record.Outcome is IterationOutcome.Succeeded ? ended : stored.LastSuccess,
            ConsecutiveFailures = record.Outcome switch
            {
                IterationOutcome.Succeeded => 0,
                IterationOutcome.Failed or IterationOutcome.TimedOut => stored.ConsecutiveFailures + (int)record.Count,
                _ => stored.ConsecutiveFailures,
            },
        };
    }

    /// <summary>True when an outcome that was recorded belongs to the totals.</summary>
    public virtual bool AddsToTotals(HistoryEntry entry) => true;

    /// <summary>True when a command of a key is erased with it.</summary>
    public virtual bool MayErase(MemoryCommand command) => command.Command.Kind is not TaskCommandKind.Erase;

    /// <summary>True when a command that has erased a key needs its text no longer.</summary>
    public virtual bool MayEraseKey(MemoryCommand command, DateTimeOffset now) =>
        command.Command.Kind is TaskCommandKind.Erase && command.HasExpired(now);

    /// <summary>The change that is stored with a task from now on.</summary>
    public virtual TaskChange? ToChange(MemoryTask task, TaskCommand command) =>
        command.Options is null ? null : new()
        {
            Options = command.Options,
            Reason = command.Reason,
            By = command.By,
            Since = command.Sent,
            Fingerprint = command.Fingerprint is "" ? null : command.Fingerprint,
        };

    /// <summary>True when a change is not stored with its task before a host has executed it.</summary>
    public virtual bool NeedsHost(TaskCommand command) =>
        command is { Kind: TaskCommandKind.Change, Options: not null, Fingerprint: null };

    /// <summary>True when a change that is stored with its task was given later.</summary>
    public virtual bool Replaces(MemoryCommand later, MemoryCommand row) =>
        later.Task == row.Task && later.Command.Kind is TaskCommandKind.Change && later.Command.Number > row.Command.Number
        && !NeedsHost(later.Command);

    /// <summary>True when the row of a key that is not failing any more is deleted.</summary>
    public virtual bool MayForget(MemoryLoop loop, LoopChange change) =>
        loop.Claims.Count == 0 && (loop.State.Pause is null || change is { HasPauseChanged: true, Loop.Pause: null });

    /// <summary>True when a pause or resumption changes what is stored.</summary>
    public virtual bool IsPauseStored(TaskCommand command) => true;

    /// <summary>A change without an outcome leaves the last one as it is.</summary>
    protected virtual StoredLoop KeepLast(StoredLoop stored, StoredLoop change) =>
        change is not { LastEnded: null, LastOutcome: IterationOutcome.None, ConsecutiveFailures: 0 } ? change : change with
        {
            LastEnded = stored.LastEnded,
            LastOutcome = stored.LastOutcome,
            ConsecutiveFailures = stored.ConsecutiveFailures,
        };

    /// <summary>True when a command that was added before is the same.</summary>
    public virtual bool IsSame(TaskCommand one, TaskCommand other) => one.Id == other.Id;

    /// <summary>True when an instance may take a command.</summary>
    public virtual bool MayTake(MemoryCommand command, Guid instance) =>
        command.TakenBy == instance || command.TakenBy == Guid.Empty;

    /// <summary>The answer to a command for a task that is not stored.</summary>
    public virtual bool AcceptsUnknownTask => false;

    /// <summary>True when an instance may record how a command ended.</summary>
    public virtual bool MayComplete(MemoryCommand command, TaskCommandResult result) =>
        !command.IsForOne || !result.IsExecuted || command.TakenBy == result.Instance;

    /// <summary>Adds how a command ended on an instance. The first result stays.</summary>
    public virtual void AddResult(MemoryCommand command, TaskCommandResult result) =>
        command.Results.TryAdd(result.Instance, result);

    /// <summary>Ends a command whose instance was lost, unless it had ended before.</summary>
    public virtual void EndLost(MemoryCommand command, TaskCommandResult result) => AddResult(command, result);

    /// <summary>True when a command comes after the cursor in the log.</summary>
    public virtual bool IsBefore(long number, long cursor) => number < cursor;

    /// <summary>The number of the next command.</summary>
    public virtual long NextNumber(long last, IReadOnlyList<MemoryCommand> commands) => last + 1;

    /// <summary>True when an entry comes after the cursor: the newest first, and of equal slots the one saved last.</summary>
    public virtual bool IsAfter(MemoryEntry entry, DateTimeOffset slot, long id) =>
        entry.Entry.Record.Slot < slot || (entry.Entry.Record.Slot == slot && entry.Id < id);

    /// <summary>True when an instance that has ended may be deleted.</summary>
    public virtual bool MayDelete(MemoryInstance instance, bool hasClaims) => instance.HasEnded && !hasClaims;

    /// <summary>True when an instance may add a sample of its memory.</summary>
    public virtual bool MaySample(MemoryInstance instance) => !instance.HasEnded;

    /// <summary>True when a sample is kept instead of another one of the same minute.</summary>
    public virtual bool ReplacesSample(InstanceSample kept, InstanceSample sample) => sample.HeapSize > kept.HeapSize;

    /// <summary>How long samples are kept.</summary>
    public virtual TimeSpan SampleRetention(StoreRetention retention) => retention.Samples;

    /// <summary>True when a gap ended at or after an instant.</summary>
    public virtual bool IsRecent(HistoryGap gap, DateTimeOffset since) => gap.To >= since;
}
