using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads pages of the totals per hour.</summary>
internal sealed class TotalReader(StoreDatabase database, TaskCatalog tasks)
{
    public async Task<TotalPage> QueryAsync(TotalQuery query, CancellationToken cancellationToken)
    {
        var cursor = ParseCursor(query.Cursor);
        int[]? taskIds = null;
        if (query.TaskName is { } name)
        {
            if (await tasks.FindAsync(name, cancellationToken).ConfigureAwait(false) is not { } taskId)
                return new() { Totals = [] };
            taskIds = [taskId];
        }
        return await database.ReadAsync(async (db, cancel) =>
        {
            taskIds ??= await tasks.FindIdsAsync(db, cancel).ConfigureAwait(false);
            var rows = await Select(db, query, taskIds, cursor).Take(query.PageSize + 1).ToListAsync(cancel)
                .ConfigureAwait(false);
            var hasMore = rows.Count > query.PageSize;
            if (hasMore)
                rows.RemoveAt(query.PageSize);
            var names = await tasks.FindNamesAsync(db, [.. rows.Select(t => t.TaskId).Distinct()], cancel)
                .ConfigureAwait(false);
            return new TotalPage
            {
                Totals = rows.ConvertAll(row => ToTotal(row, names.GetValueOrDefault(row.TaskId, ""))),
                Cursor = hasMore ? FormatCursor(rows[^1]) : null,
            };
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows of a query: an index has their order.</summary>
    public static IQueryable<TotalRow> Select(DbContext db, TotalQuery query, int[]? taskIds, TotalRow? cursor)
    {
        var (first, end) = (TotalWriter.HourOf(Micros.Of(query.From)), Micros.Of(query.To));
        var rows = db.Set<TotalRow>().Where(t => t.Hour >= first && t.Hour < end);
        if (taskIds is [var id])
            rows = rows.Where(t => t.TaskId == id);
        else if (taskIds is not null)
            rows = rows.Where(t => taskIds.Contains(t.TaskId));
        if (cursor is not null)
        {
            var (hour, task, outcome, reason) = (cursor.Hour, cursor.TaskId, cursor.Outcome, cursor.Reason);
            rows = rows.Where(t => t.Hour <= hour && (t.Hour < hour || t.TaskId < task
                || (t.TaskId == task && (t.Outcome < outcome || (t.Outcome == outcome && t.Reason < reason)))));
        }
        return rows.OrderByDescending(t => t.Hour).ThenByDescending(t => t.TaskId).ThenByDescending(t => t.Outcome)
            .ThenByDescending(t => t.Reason);
    }

    private static HourlyTotal ToTotal(TotalRow row, string task) => new()
    {
        TaskName = task,
        Hour = Micros.ToInstant(row.Hour),
        Outcome = row.Outcome,
        Reason = row.Reason,
        Count = row.Slots,
        Elapsed = Micros.ToDuration(row.Elapsed),
        LongestElapsed = Micros.ToDuration(row.LongestElapsed),
        MaxLateness = Micros.ToDuration(row.MaxLateness),
    };

    private static string FormatCursor(TotalRow row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.Hour}.{row.TaskId}.{(int)row.Outcome}.{(int)row.Reason}");

    private static TotalRow? ParseCursor(string? cursor)
    {
        if (cursor is null)
            return null;
        if (cursor.Split('.') is [var hour, var task, var outcome, var reason]
            && long.TryParse(hour, CultureInfo.InvariantCulture, out var at)
            && int.TryParse(task, CultureInfo.InvariantCulture, out var id)
            && byte.TryParse(outcome, CultureInfo.InvariantCulture, out var how)
            && byte.TryParse(reason, CultureInfo.InvariantCulture, out var why))
            return new() { Hour = at, TaskId = id, Outcome = (IterationOutcome)how, Reason = (OutcomeReason)why };
        throw new ArgumentException(
            "The cursor is not one of a page of totals. Pass the Cursor of the page before, or null for the first page.",
            "query");
    }
}
