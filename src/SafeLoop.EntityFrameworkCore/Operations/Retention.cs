using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Deletes what is older than the retention, oldest first and a thousand rows of a kind at a time, so that a delete touches
/// neighbouring pages and holds its locks briefly.
/// </summary>
internal sealed class Retention(StoreDatabase database, IDatabaseClock clock, TaskCatalog tasks)
{
    private const int MostAtOnce = 1000;

    // Between old failures, which stay longer, successes are searched from where the last search ended.
    private long _successesDeletedTo;

    /// <returns>True when more is left.</returns>
    public Task<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) =>
        database.ReadAsync(async (db, cancel) =>
        {
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var history = HistoryReader.OfTasks(
                db.Set<HistoryRow>(), await tasks.FindIdsAsync(db, cancel).ConfigureAwait(false));
            var hasMore = await DeleteSuccessesAsync(history, RowIds.FirstAt(now - Micros.Of(retention.Successes)), cancel)
                .ConfigureAwait(false);
            await EraseKeysAsync(db, now, cancel).ConfigureAwait(false);
            hasMore |= await DeleteOthersAsync(db, history, now - Micros.Of(retention.Others), cancel).ConfigureAwait(false);
            var totals = now - Micros.Of(retention.Totals);
            hasMore |= await DeleteAsync(
                db.Set<TotalRow>().Where(t => t.Hour < totals && tasks.Rows(db).Any(r => r.Id == t.TaskId)), t => t.Hour, cancel)
                .ConfigureAwait(false);
            return hasMore;
        }, cancellationToken);

    // All hosts have read the command, and the log needs no key to say that one was erased.
    private Task<int> EraseKeysAsync(StoreContext db, long now, CancellationToken cancellationToken) => db.Set<CommandRow>()
        .Where(c => c.Kind == TaskCommandKind.Erase && c.Expires <= now && c.KeyText != null
            && tasks.Rows(db).Any(t => t.Id == c.TaskId))
        .ExecuteUpdateAsync(set => set.SetProperty(c => c.KeyText, (string?)null), cancellationToken);

    private async Task<bool> DeleteSuccessesAsync(
        IQueryable<HistoryRow> history, long end, CancellationToken cancellationToken)
    {
        var from = Volatile.Read(ref _successesDeletedTo);
        var successes = history.Where(h => h.Outcome == IterationOutcome.Succeeded);
        var oldest = successes.Where(h => h.Id >= from && h.Id < end).OrderBy(h => h.Id).Select(h => h.Id).Take(MostAtOnce);
        var last = await oldest.MaxAsync(id => (long?)id, cancellationToken).ConfigureAwait(false);
        if (last is null)
        {
            Volatile.Write(ref _successesDeletedTo, Math.Max(from, end));
            return false;
        }
        var deleted = await successes.Where(h => h.Id >= from && h.Id <= last).ExecuteDeleteAsync(cancellationToken)
            .ConfigureAwait(false);
        Volatile.Write(ref _successesDeletedTo, last.Value);
        return deleted >= MostAtOnce;
    }

    private async Task<bool> DeleteOthersAsync(
        StoreContext db, IQueryable<HistoryRow> history, long end, CancellationToken cancellationToken)
    {
        var (endId, application) = (RowIds.FirstAt(end), tasks.Application);
        var hasMore = await DeleteAsync(
            history.Where(h => h.Id < endId && h.Outcome != IterationOutcome.Succeeded), h => h.Id, cancellationToken)
            .ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<GapRow>().Where(g => g.Id < endId && g.Application == application), g => g.Id, cancellationToken)
            .ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<CommandRow>().Where(c => c.Given < end && tasks.Rows(db).Any(t => t.Id == c.TaskId)), c => c.Number,
            cancellationToken).ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<ErrorRow>().Where(e => e.LastSeen < end && e.Application == application), e => e.LastSeen, cancellationToken)
            .ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<InstanceRow>().Where(i => i.State != InstanceState.Running && i.Heartbeat < end && i.Application == application
                && !db.Set<ClaimRow>().Any(c => c.Instance == i.Number)),
            i => i.Number, cancellationToken).ConfigureAwait(false);
        return hasMore;
    }

    private static async Task<bool> DeleteAsync<T>(
        IQueryable<T> expired, Expression<Func<T, long>> age, CancellationToken cancellationToken)
        where T : class =>
        await expired.OrderBy(age).Take(MostAtOnce).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == MostAtOnce;
}
