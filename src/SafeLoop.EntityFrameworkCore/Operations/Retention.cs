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

    private static readonly long SearchAllEvery = Micros.Of(TimeSpan.FromDays(1));

    // Between old failures, which stay longer, successes are searched from where the last search ended. Now and then from the
    // first row, because a host that has caught up writes rows of old slots.
    private long _successesDeletedTo;
    private long _searchedAllAt;

    /// <returns>True when more is left.</returns>
    public Task<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) =>
        database.ReadAsync(async (db, cancel) =>
        {
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var history = HistoryReader.OfTasks(
                db.Set<HistoryRow>(), await tasks.FindIdsAsync(db, cancel).ConfigureAwait(false));
            var hasMore = await DeleteSuccessesAsync(history, now, now - Micros.Of(retention.Successes), cancel)
                .ConfigureAwait(false);
            await EraseKeysAsync(db, now, cancel).ConfigureAwait(false);
            hasMore |= await DeleteOthersAsync(db, history, now - Micros.Of(retention.Others), cancel).ConfigureAwait(false);
            hasMore |= await DeleteSamplesAsync(db, now - Micros.Of(retention.Samples), cancel).ConfigureAwait(false);
            var totals = now - Micros.Of(retention.Totals);
            hasMore |= await DeleteAsync(
                db.Set<TotalRow>().Where(t => t.Hour < totals && tasks.Rows(db).Any(r => r.Id == t.TaskId)), t => t.Hour, cancel)
                .ConfigureAwait(false);
            return hasMore;
        }, cancellationToken);

    public static IQueryable<HistoryRow> Successes(IQueryable<HistoryRow> history, long from, long end) =>
        history.Where(h => h.Outcome == IterationOutcome.Succeeded && h.Slot >= from && h.Slot < end);

    public static IQueryable<HistoryRow> Others(IQueryable<HistoryRow> history, long end) =>
        history.Where(h => h.Outcome != IterationOutcome.Succeeded && h.Slot < end);

    /// <summary>The rows that are deleted at once.</summary>
    public static IQueryable<HistoryRow> Oldest(IQueryable<HistoryRow> rows) =>
        rows.OrderBy(h => h.Slot).ThenBy(h => h.Id).Take(MostAtOnce);

    // All hosts have read the command, and the log needs no key to say that one was erased.
    private Task<int> EraseKeysAsync(StoreContext db, long now, CancellationToken cancellationToken) => db.Set<CommandRow>()
        .Where(c => c.Kind == TaskCommandKind.Erase && c.Expires <= now && c.KeyText != null
            && tasks.Rows(db).Any(t => t.Id == c.TaskId))
        .ExecuteUpdateAsync(set => set.SetProperty(c => c.KeyText, (string?)null), cancellationToken);

    private async Task<bool> DeleteSuccessesAsync(
        IQueryable<HistoryRow> history, long now, long end, CancellationToken cancellationToken)
    {
        if (now - Volatile.Read(ref _searchedAllAt) >= SearchAllEvery)
        {
            Volatile.Write(ref _searchedAllAt, now);
            Volatile.Write(ref _successesDeletedTo, 0);
        }
        var from = Volatile.Read(ref _successesDeletedTo);
        var (hasMore, last) = await DeleteOldestAsync(Successes(history, from, end), cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _successesDeletedTo, last ?? Math.Max(from, end));
        return hasMore;
    }

    private async Task<bool> DeleteOthersAsync(
        StoreContext db, IQueryable<HistoryRow> history, long end, CancellationToken cancellationToken)
    {
        var application = tasks.Application;
        var (hasMore, _) = await DeleteOldestAsync(Others(history, end), cancellationToken).ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<GapRow>().Where(g => g.LastEnded < end && g.Application == application), g => g.LastEnded, cancellationToken)
            .ConfigureAwait(false);
        hasMore |= await DeleteOldestAsync(
            db.Set<CommandRow>().Where(c => c.Sent < end && c.Application == application), cancellationToken)
            .ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<ErrorRow>().Where(e => e.LastSeen < end && e.Application == application), e => e.LastSeen, cancellationToken)
            .ConfigureAwait(false);
        hasMore |= await DeleteAsync(
            db.Set<InstanceRow>().Where(i => i.State != InstanceState.Running && i.Heartbeat < end && i.Application == application
                && !db.Set<ClaimRow>().Any(c => c.Instance == i.Number)
                && !db.Set<SampleRow>().Any(s => s.Instance == i.Number)),
            i => i.Number, cancellationToken).ConfigureAwait(false);
        return hasMore;
    }

    /// <summary>The samples of an application before a minute.</summary>
    public static IQueryable<SampleRow> Samples(DbContext db, string application, long end) => db.Set<SampleRow>()
        .Where(s => s.Minute < end && db.Set<InstanceRow>().Any(i => i.Number == s.Instance && i.Application == application));

    /// <summary>The minutes of the samples that are deleted at once.</summary>
    public static IQueryable<long> OldestSamples(IQueryable<SampleRow> samples) =>
        samples.OrderBy(s => s.Minute).Select(s => s.Minute).Take(MostAtOnce);

    // Deletes whole minutes of all instances, so a few more than a thousand rows.
    private async Task<bool> DeleteSamplesAsync(StoreContext db, long end, CancellationToken cancellationToken)
    {
        var expired = Samples(db, tasks.Application, end);
        var oldest = await OldestSamples(expired).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (oldest.Count == 0)
            return false;
        var last = oldest[^1];
        await expired.Where(s => s.Minute <= last).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return oldest.Count == MostAtOnce;
    }

    // The keys of history and of commands have two columns. To delete their first thousand rows by a subquery, SQLite would
    // run the subquery once for each row of the table.
    private static async Task<(bool HasMore, long? LastSlot)> DeleteOldestAsync(
        IQueryable<HistoryRow> expired, CancellationToken cancellationToken)
    {
        var oldest = await Oldest(expired).Select(h => new { h.Slot, h.Id }).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        if (oldest.Count == 0)
            return (false, null);
        var (slot, id) = (oldest[^1].Slot, oldest[^1].Id);
        await expired.Where(h => h.Slot <= slot && (h.Slot < slot || h.Id <= id)).ExecuteDeleteAsync(cancellationToken)
            .ConfigureAwait(false);
        return (oldest.Count == MostAtOnce, slot);
    }

    private static async Task<bool> DeleteOldestAsync(IQueryable<CommandRow> expired, CancellationToken cancellationToken)
    {
        var oldest = await expired.OrderBy(c => c.Number).Select(c => c.Number).Take(MostAtOnce).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var last = oldest.LastOrDefault();
        await expired.Where(c => c.Number <= last).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return oldest.Count == MostAtOnce;
    }

    private static async Task<bool> DeleteAsync<T>(
        IQueryable<T> expired, Expression<Func<T, long>> age, CancellationToken cancellationToken)
        where T : class =>
        await expired.OrderBy(age).Take(MostAtOnce).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == MostAtOnce;
}
