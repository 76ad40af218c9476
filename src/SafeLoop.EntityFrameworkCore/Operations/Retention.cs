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
            var application = tasks.Application;
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var others = now - Micros.Of(retention.Others);
            var othersId = RowIds.FirstAt(others);
            var totals = now - Micros.Of(retention.Totals);
            var hasMore = await DeleteSuccessesAsync(db, RowIds.FirstAt(now - Micros.Of(retention.Successes)), cancel)
                .ConfigureAwait(false);
            hasMore |= await DeleteAsync<HistoryRow>(
                db, h => h.Id < othersId && h.Outcome != IterationOutcome.Succeeded
                    && tasks.Rows(db).Any(t => t.Id == h.TaskId),
                h => h.Id, cancel).ConfigureAwait(false);
            hasMore |= await DeleteAsync<GapRow>(db, g => g.Id < othersId && g.Application == application, g => g.Id, cancel).ConfigureAwait(false);
            hasMore |= await DeleteAsync<CommandRow>(db, c => c.Given < others && tasks.Rows(db).Any(t => t.Id == c.TaskId), c => c.Number, cancel).ConfigureAwait(false);
            hasMore |= await DeleteAsync<TotalRow>(db, t => t.Hour < totals && tasks.Rows(db).Any(r => r.Id == t.TaskId), t => t.Hour, cancel).ConfigureAwait(false);
            hasMore |= await DeleteAsync<ErrorRow>(db, e => e.LastSeen < others && e.Application == application, e => e.LastSeen, cancel).ConfigureAwait(false);
            hasMore |= await DeleteAsync<InstanceRow>(
                db,
                i => i.State != InstanceState.Running && i.Heartbeat < others && i.Application == application
                    && !db.Set<ClaimRow>().Any(c => c.Instance == i.Number),
                i => i.Number, cancel).ConfigureAwait(false);
            return hasMore;
        }, cancellationToken);

    private async Task<bool> DeleteSuccessesAsync(StoreContext db, long cut, CancellationToken cancellationToken)
    {
        var from = Volatile.Read(ref _successesDeletedTo);
        var successes = db.Set<HistoryRow>().Where(h => h.Outcome == IterationOutcome.Succeeded
            && tasks.Rows(db).Any(t => t.Id == h.TaskId));
        var oldest = successes.Where(h => h.Id >= from && h.Id < cut).OrderBy(h => h.Id).Select(h => h.Id).Take(MostAtOnce);
        var last = await oldest.MaxAsync(id => (long?)id, cancellationToken).ConfigureAwait(false);
        if (last is null)
        {
            Volatile.Write(ref _successesDeletedTo, Math.Max(from, cut));
            return false;
        }
        var deleted = await successes.Where(h => h.Id >= from && h.Id <= last).ExecuteDeleteAsync(cancellationToken)
            .ConfigureAwait(false);
        Volatile.Write(ref _successesDeletedTo, last.Value);
        return deleted >= MostAtOnce;
    }

    private static async Task<bool> DeleteAsync<T>(
        StoreContext db, Expression<Func<T, bool>> isExpired, Expression<Func<T, long>> age, CancellationToken cancellationToken)
        where T : class =>
        await db.Set<T>().Where(isExpired).OrderBy(age).Take(MostAtOnce).ExecuteDeleteAsync(cancellationToken)
            .ConfigureAwait(false) == MostAtOnce;
}
