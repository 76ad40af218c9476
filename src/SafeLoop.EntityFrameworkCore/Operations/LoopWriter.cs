using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Adds to the states of loops. Each change is one statement, so that none is lost between hosts.</summary>
internal static class LoopWriter
{
    // A last slot that lies further in the future comes from a host whose clock was wrong.
    private const long FarthestAhead = 24 * 3_600_000_000L;

    public static IQueryable<LoopRow> Find(StoreContext db, int taskId, string key) =>
        db.Set<LoopRow>().Where(l => l.TaskId == taskId && l.KeyText == key);

    /// <summary>
    /// Moves the last slot forward, or back when it lies more than a day in the future, and says by which schedule. Only one
    /// host succeeds for a slot.
    /// </summary>
    /// <returns>False when the slot, or a later one, has been claimed or recorded.</returns>
    public static async Task<bool> TryAdvanceAsync(
        StoreContext db, StoredTaskInfo task, string key, long first, long slot, long now, CancellationToken cancellationToken)
    {
        var loop = Find(db, task.Id, key);
        var farthest = now + FarthestAhead;
        var isAhead = first > farthest;
        if (await loop.Where(l => l.LastSlot == null || l.LastSlot < first || (!isAhead && l.LastSlot > farthest))
            .ExecuteUpdateAsync(
                set => set.SetProperty(l => l.LastSlot, slot)
                    .SetProperty(l => l.Schedule, l => task.Schedule ?? l.Schedule),
                cancellationToken).ConfigureAwait(false) == 1)
            return true;
        if (await loop.AnyAsync(cancellationToken).ConfigureAwait(false))
            return false;
        // The first slot of a key. Another host that inserts it too makes this transaction start again.
        db.Add(new LoopRow { TaskId = task.Id, KeyText = key, LastSlot = slot, Schedule = task.Schedule });
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Sets or clears the pause of a task or of a key. A new row is inserted by the SaveChanges of the caller.
    /// </summary>
    public static async Task SetPauseAsync(StoreContext db, LoopRow pause, CancellationToken cancellationToken)
    {
        var row = Find(db, pause.TaskId, pause.KeyText);
        var isThere = await row.ExecuteUpdateAsync(set => SetPause(set, pause), cancellationToken).ConfigureAwait(false) == 1;
        var isResumedKey = pause is { KeyText.Length: > 0, PausedSince: null };
        if (!isThere && !isResumedKey)
            db.Add(pause);
        if (isThere && isResumedKey) // the pause was all that was stored of most of them
            await row.Where(l => l.LastSlot == null && l.LastEnded == null && l.LastSuccess == null && l.Failures == 0
                    && l.Ended == null && l.Succeeded + l.Failed + l.TimedOut + l.Interrupted + l.Skipped == 0)
                .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets or removes the stored change of a task. A new row is inserted by the SaveChanges of the caller.</summary>
    public static async Task SetChangeAsync(StoreContext db, LoopRow change, CancellationToken cancellationToken)
    {
        if (await Find(db, change.TaskId, change.KeyText).ExecuteUpdateAsync(
            set => set.SetProperty(l => l.ChangeOptions, change.ChangeOptions)
                .SetProperty(l => l.ChangeFingerprint, change.ChangeFingerprint)
                .SetProperty(l => l.ChangedSince, change.ChangedSince)
                .SetProperty(l => l.ChangeReason, change.ChangeReason)
                .SetProperty(l => l.ChangedBy, change.ChangedBy),
            cancellationToken).ConfigureAwait(false) == 0)
            db.Add(change);
    }

    /// <summary>Saves a change of a batch. A new row is inserted by the SaveChanges of the caller.</summary>
    public static async Task SaveAsync(StoreContext db, LoopChange change, int taskId, CancellationToken cancellationToken)
    {
        var key = StoredText.LoopKey(change.Loop.Key);
        if (change.IsForgotten && key.Length > 0 && await ForgetAsync(db, change, taskId, key, cancellationToken)
            .ConfigureAwait(false))
            return;
        var row = ToRow(change.Loop, taskId, key);
        if (await UpdateAsync(db, change, row, cancellationToken).ConfigureAwait(false) == 0 && !change.IsForgotten)
            db.Add(row);
    }

    /// <summary>Counts an outcome. The row is there, because the slot was claimed or skipped before.</summary>
    public static Task CountAsync(StoreContext db, HistoryEntry entry, int taskId, CancellationToken cancellationToken)
    {
        var (outcome, count) = (entry.Record.Outcome, (int)entry.Record.Count);
        var ended = Micros.Of(entry.Record.Started + entry.Record.Elapsed);
        var (isSuccess, isFailure) = (
            outcome is IterationOutcome.Succeeded, outcome is IterationOutcome.Failed or IterationOutcome.TimedOut);
        return Find(db, taskId, StoredText.LoopKey(entry.Key)).ExecuteUpdateAsync(set =>
        {
            AddCounts(set, default(OutcomeCounts).Add(outcome, entry.Record.Count));
            set.SetProperty(l => l.LastOutcome, l => l.LastEnded == null || l.LastEnded <= ended ? outcome : l.LastOutcome);
            if (isSuccess)
                set.SetProperty(l => l.Failures, l => l.LastEnded == null || l.LastEnded <= ended ? 0 : l.Failures)
                    .SetProperty(l => l.LastSuccess,
                        l => l.LastSuccess == null || l.LastSuccess < ended ? ended : l.LastSuccess);
            else if (isFailure)
                set.SetProperty(
                    l => l.Failures, l => l.LastEnded == null || l.LastEnded <= ended ? l.Failures + count : l.Failures);
            set.SetProperty(l => l.LastEnded, l => l.LastEnded == null || l.LastEnded <= ended ? ended : l.LastEnded);
        }, cancellationToken);
    }

    // A pause that another host has stored stays, and so does the last slot while one is claimed.
    private static async Task<bool> ForgetAsync(
        StoreContext db, LoopChange change, int taskId, string key, CancellationToken cancellationToken)
    {
        var isResumed = change.HasPauseChanged && change.Loop.Pause is null;
        return await Find(db, taskId, key)
            .Where(l => (isResumed || l.PausedSince == null)
                && !db.Set<ClaimRow>().Any(c => c.TaskId == taskId && c.KeyText == key))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    private static Task<int> UpdateAsync(StoreContext db, LoopChange change, LoopRow row, CancellationToken cancellationToken) =>
        Find(db, row.TaskId, row.KeyText).ExecuteUpdateAsync(set =>
        {
            AddCounts(set, change.Loop.Counts);
            // Several hosts run the same loop: what ended last counts. A change without an end is about a pause.
            if (row.LastEnded is { } ended)
                set.SetProperty(l => l.LastOutcome,
                        l => l.LastEnded == null || l.LastEnded <= ended ? row.LastOutcome : l.LastOutcome)
                    .SetProperty(l => l.Failures,
                        l => l.LastEnded == null || l.LastEnded <= ended ? row.Failures : l.Failures)
                    .SetProperty(l => l.LastEnded,
                        l => l.LastEnded == null || l.LastEnded <= ended ? ended : l.LastEnded);
            else if (row.Failures > 0 || row.LastOutcome != IterationOutcome.None)
                set.SetProperty(l => l.LastOutcome, row.LastOutcome).SetProperty(l => l.Failures, row.Failures);
            if (row.LastSlot is { } slot)
                set.SetProperty(l => l.LastSlot, l => l.LastSlot == null || l.LastSlot < slot ? slot : l.LastSlot);
            if (row.LastSuccess is { } success)
                set.SetProperty(l => l.LastSuccess,
                    l => l.LastSuccess == null || l.LastSuccess < success ? success : l.LastSuccess);
            if (row.Schedule is { } schedule)
                set.SetProperty(l => l.Schedule, schedule);
            if (change.HasPauseChanged)
                SetPause(set, row);
            if (change.HasEndChanged)
                set.SetProperty(l => l.Ended, row.Ended).SetProperty(l => l.EndReason, row.EndReason);
        }, cancellationToken);

    private static void SetPause(UpdateSettersBuilder<LoopRow> set, LoopRow pause) => set
        .SetProperty(l => l.PausedSince, pause.PausedSince).SetProperty(l => l.PausedUntil, pause.PausedUntil)
        .SetProperty(l => l.PauseReason, pause.PauseReason).SetProperty(l => l.PausedBy, pause.PausedBy);

    private static void AddCounts(UpdateSettersBuilder<LoopRow> set, OutcomeCounts counts)
    {
        var (succeeded, failed, timedOut) = (counts.Succeeded, counts.Failed, counts.TimedOut);
        var (interrupted, skipped) = (counts.Interrupted, counts.Skipped);
        set.SetProperty(l => l.Succeeded, l => l.Succeeded + succeeded)
            .SetProperty(l => l.Failed, l => l.Failed + failed)
            .SetProperty(l => l.TimedOut, l => l.TimedOut + timedOut)
            .SetProperty(l => l.Interrupted, l => l.Interrupted + interrupted)
            .SetProperty(l => l.Skipped, l => l.Skipped + skipped);
    }

    private static LoopRow ToRow(StoredLoop loop, int taskId, string key) => new()
    {
        TaskId = taskId,
        KeyText = key,
        Schedule = StoredText.Clean(loop.Schedule),
        LastSlot = Micros.Of(loop.LastSlot),
        LastEnded = Micros.Of(loop.LastEnded),
        LastSuccess = Micros.Of(loop.LastSuccess),
        LastOutcome = loop.LastOutcome,
        Failures = loop.ConsecutiveFailures,
        Succeeded = loop.Counts.Succeeded,
        Failed = loop.Counts.Failed,
        TimedOut = loop.Counts.TimedOut,
        Interrupted = loop.Counts.Interrupted,
        Skipped = loop.Counts.Skipped,
        PausedSince = Micros.Of(loop.Pause?.Since),
        PausedUntil = Micros.Of(loop.Pause?.Until),
        PauseReason = StoredText.Clean(loop.Pause?.Reason),
        PausedBy = StoredText.Clean(loop.Pause?.By, StoreTables.LongestName),
        Ended = loop.End,
        EndReason = StoredText.Clean(loop.EndReason),
    };
}
