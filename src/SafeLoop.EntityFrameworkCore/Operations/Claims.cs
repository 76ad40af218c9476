using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Claims slots and records their outcomes, so that each slot ends in exactly one.</summary>
internal sealed class Claims(
    StoreDatabase database, RowIds ids, TaskCatalog tasks, InstanceCatalog instances, HistoryWriter history)
{
    public async Task<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken)
    {
        var task = await tasks.GetAsync(claim.TaskName, cancellationToken).ConfigureAwait(false);
        var (key, slot) = (StoredText.LoopKey(claim.Key), Micros.Of(claim.Slot));
        return await database.RunAsync(async (db, cancel) =>
        {
            // A slot that ran when a clock was ahead is later than the last one again when that has been put back.
            var outcomes = Outcomes(db, task.Id, claim.Key, slot);
            var instance = await db.Set<InstanceRow>()
                .Where(i => i.Id == claim.Instance && i.State == InstanceState.Running && !outcomes.Any())
                .Select(i => i.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            if (instance == 0)
                return false;
            if (!await LoopWriter.TryAdvanceAsync(db, task, key, slot, slot, ids.EstimatedNow, cancel).ConfigureAwait(false))
                return await Find(db, task.Id, key, slot, instance).AnyAsync(cancel).ConfigureAwait(false);
            db.Add(new ClaimRow { TaskId = task.Id, KeyText = key, Slot = slot, Instance = instance, Since = ids.EstimatedNow });
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DateTimeOffset?> RecordAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken)
    {
        var task = await tasks.GetAsync(entry.TaskName, cancellationToken).ConfigureAwait(false);
        var (key, slot) = (StoredText.LoopKey(entry.Key), Micros.Of(entry.Record.Slot));
        return await database.RunAsync(async (db, cancel) =>
        {
            var instance = await instances.FindAsync(db, entry.Instance, cancel).ConfigureAwait(false);
            var mayRecord = isClaimed
                ? await Find(db, task.Id, key, slot, instance).ExecuteDeleteAsync(cancel).ConfigureAwait(false) == 1
                : await LoopWriter.TryAdvanceAsync(
                    db, task, key, Micros.Of(entry.FirstSlot) ?? slot, slot, ids.EstimatedNow, cancel).ConfigureAwait(false);
            if (mayRecord)
            {
                await OutcomeCounter.CountAsync(db, [(entry, task.Id)], cancel).ConfigureAwait(false);
                await history.AddAsync(db, [(entry, task.Id)], instance, cancel).ConfigureAwait(false);
                await db.SaveChangesAsync(cancel).ConfigureAwait(false);
                return null;
            }
            if (await Recorded(db, entry, task.Id, instance).AnyAsync(cancel).ConfigureAwait(false))
                return null;
            var last = await LoopWriter.Find(db, task.Id, key).Select(l => l.LastSlot).FirstOrDefaultAsync(cancel)
                .ConfigureAwait(false);
            return Micros.ToInstant(last) ?? (DateTimeOffset?)DateTimeOffset.MinValue;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The row of an earlier call that has recorded the same outcome.</summary>
    public static IQueryable<HistoryRow> Recorded(DbContext db, HistoryEntry entry, int taskId, int instance)
    {
        var slot = Micros.Of(entry.Record.Slot);
        var (late, longLate) = HistoryWriter.Split(Micros.Of(entry.Record.Started) - slot);
        var (first, last) = RowIds.RangeOf(instance);
        var (outcome, reason) = (entry.Record.Outcome, entry.Record.Reason);
        var key = entry.Key is null ? null : StoredText.Key(entry.Key);
        return db.Set<HistoryRow>().Where(h => h.TaskId == taskId && h.KeyText == key && h.Slot == slot
            && h.Id >= first && h.Id <= last && h.Late == late && h.LongLate == longLate
            && h.Outcome == outcome && h.Reason == reason);
    }

    private static IQueryable<HistoryRow> Outcomes(StoreContext db, int taskId, string? key, long slot)
    {
        var text = key is null ? null : StoredText.Key(key);
        return db.Set<HistoryRow>().Where(h => h.TaskId == taskId && h.KeyText == text && h.Slot == slot && h.IsManual == null);
    }

    private static IQueryable<ClaimRow> Find(StoreContext db, int taskId, string key, long slot, int instance) =>
        db.Set<ClaimRow>().Where(c => c.TaskId == taskId && c.KeyText == key && c.Slot == slot && c.Instance == instance);
}
