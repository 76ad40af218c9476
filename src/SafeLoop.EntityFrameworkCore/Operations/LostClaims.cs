using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Ends the claims of instances that are lost or stopped, each exactly once: by the host that deletes its row.</summary>
internal sealed class LostClaims(TaskCatalog tasks, InstanceCatalog instances, HistoryWriter history)
{
    /// <returns>The claims that this call has ended.</returns>
    public async Task<IReadOnlyList<SlotClaim>> EndAsync(StoreContext db, Guid by, CancellationToken cancellationToken)
    {
        var claims = await db.Set<ClaimRow>()
            .Join(db.Set<InstanceRow>(), c => c.Instance, i => i.Number, (claim, instance) => new { claim, instance })
            .Join(db.Set<TaskRow>(), c => c.claim.TaskId, t => t.Id, (c, task) => new { c.claim, c.instance, task })
            .Where(c => c.instance.State != InstanceState.Running && c.task.Application == tasks.Application)
            .OrderBy(c => c.claim.TaskId).ThenBy(c => c.claim.KeyText).ThenBy(c => c.claim.Slot)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (claims.Count == 0)
            return [];

        var ended = new List<(HistoryEntry Entry, int TaskId)>();
        foreach (var (claim, instance, task) in claims.Select(c => (c.claim, c.instance, c.task)))
        {
            if (await DeleteAsync(db, claim, cancellationToken).ConfigureAwait(false))
                ended.Add((ToEntry(claim, instance, task.Name), claim.TaskId));
        }
        var writer = await instances.FindAsync(db, by, cancellationToken).ConfigureAwait(false);
        await OutcomeCounter.CountAsync(db, ended, cancellationToken).ConfigureAwait(false);
        await history.AddAsync(db, ended, writer, cancellationToken).ConfigureAwait(false);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return [.. ended.Select(e => new SlotClaim
        {
            TaskName = e.Entry.TaskName,
            Key = e.Entry.Key,
            Slot = e.Entry.Record.Slot,
            Instance = e.Entry.Instance,
        })];
    }

    private static async Task<bool> DeleteAsync(StoreContext db, ClaimRow claim, CancellationToken cancellationToken) =>
        await db.Set<ClaimRow>()
            .Where(c => c.TaskId == claim.TaskId && c.KeyText == claim.KeyText && c.Slot == claim.Slot
                && c.Instance == claim.Instance)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == 1;

    // It ran at least until the last heartbeat of its host.
    private static HistoryEntry ToEntry(ClaimRow claim, InstanceRow instance, string task) => new()
    {
        TaskName = task,
        Key = StoredText.FromLoopKey(claim.KeyText),
        Instance = instance.Id,
        Record = new()
        {
            Slot = Micros.ToInstant(claim.Slot),
            Started = Micros.ToInstant(claim.Since),
            Elapsed = Micros.ToDuration(Math.Max(0, instance.Heartbeat - claim.Since)),
            Outcome = IterationOutcome.Interrupted,
            Reason = OutcomeReason.HostLost,
        },
    };
}
