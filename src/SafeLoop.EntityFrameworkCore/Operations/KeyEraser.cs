using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Deletes what is stored of a key. Totals count tasks, not keys, and stay.</summary>
internal sealed class KeyEraser(StoreDatabase database, TaskCatalog tasks)
{
    public async Task EraseAsync(string task, string key, CancellationToken cancellationToken)
    {
        if (await tasks.FindAsync(task, cancellationToken).ConfigureAwait(false) is not { } taskId)
            return;
        var (text, loopKey) = (StoredText.Key(key), StoredText.LoopKey(key));
        await database.RunAsync(async (db, cancel) =>
        {
            var history = db.Set<HistoryRow>().Where(h => h.TaskId == taskId && h.KeyText == text);
            await db.Set<ClaimRow>().Where(c => c.TaskId == taskId && c.KeyText == loopKey).ExecuteDeleteAsync(cancel)
                .ConfigureAwait(false);
            await LoopWriter.Find(db, taskId, loopKey).ExecuteDeleteAsync(cancel).ConfigureAwait(false);
            await EraseMessagesAsync(db, history, cancel).ConfigureAwait(false);
            await history.ExecuteDeleteAsync(cancel).ConfigureAwait(false);
            return await db.Set<CommandRow>()
                .Where(c => c.TaskId == taskId && c.KeyText == text && c.Kind != TaskCommandKind.Erase)
                .ExecuteDeleteAsync(cancel).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    // A message may name the key, and other keys may have failed at the same place: of it type and frames stay.
    private static async Task EraseMessagesAsync(
        StoreContext db, IQueryable<HistoryRow> history, CancellationToken cancellationToken)
    {
        var errors = await db.Set<ErrorRow>().Where(e => history.Any(h => h.Error == e.Fingerprint))
            .OrderBy(e => e.Fingerprint).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var error in errors)
        {
            var frames = ErrorTexts.FramesOf(error.Details);
            await db.Set<ErrorRow>().Where(e => e.Fingerprint == error.Fingerprint).ExecuteUpdateAsync(
                set => set.SetProperty(e => e.Message, error.Type).SetProperty(e => e.Details, frames), cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
