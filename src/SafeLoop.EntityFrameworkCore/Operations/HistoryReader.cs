using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads pages of the history. A page costs what it shows, wherever it is: there is no COUNT and no OFFSET.</summary>
internal sealed class HistoryReader(StoreDatabase database, TaskCatalog tasks, InstanceCatalog instances)
{
    private const int LargestPage = 1000;

    private static readonly HistoryPage Empty = new() { Entries = [] };

    public async Task<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        var cursor = ParseCursor(query.Cursor);
        int[]? taskIds = null;
        if (query.TaskName is { } name)
        {
            if (await tasks.FindAsync(name, cancellationToken).ConfigureAwait(false) is not { } taskId)
                return Empty;
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
            return new HistoryPage
            {
                Entries = await ToEntriesAsync(db, rows, cancel).ConfigureAwait(false),
                Cursor = hasMore ? FormatCursor(rows[^1]) : null,
            };
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the last entries of each task, in one statement for all tasks.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> QueryLatestAsync(int count, CancellationToken cancellationToken) =>
        await database.ReadAsync(async (db, cancel) =>
        {
            var rows = await SelectLatest(db, tasks.Rows(db), count).ToListAsync(cancel).ConfigureAwait(false);
            var latest = rows.GroupBy(h => h.TaskId)
                .SelectMany(task => task.OrderByDescending(h => h.Slot).ThenByDescending(h => h.Id).Take(count));
            return await ToEntriesAsync(db, [.. latest], cancel).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);

    /// <summary>The last rows of each task. On SQLite, equal slots may add more than <paramref name="count"/>.</summary>
    public static IQueryable<HistoryRow> SelectLatest(DbContext db, IQueryable<TaskRow> tasks, int count)
    {
        var rows = db.Set<HistoryRow>();
        if (Dialect.Of(db).IsSqlite) // has no lateral join
        {
            return tasks.Join(rows, t => t.Id, h => h.TaskId, (task, row) => new { task, row })
                .Where(pair => pair.row.Slot >= (rows.Where(h => h.TaskId == pair.task.Id).OrderByDescending(h => h.Slot)
                    .Select(h => (long?)h.Slot).Skip(count - 1).FirstOrDefault() ?? long.MinValue))
                .Select(pair => pair.row);
        }
        // With the sum, EF Core creates a lateral join, which reads count rows of each task by the index. With plain equality it
        // creates a join with numbered rows, which reads the whole history.
        var zero = 0;
        return tasks.SelectMany(t =>
            rows.Where(h => h.TaskId == t.Id + zero).OrderByDescending(h => h.Slot).ThenByDescending(h => h.Id).Take(count));
    }

    /// <summary>The rows of a query in its order.</summary>
    public static IQueryable<HistoryRow> Select(
        DbContext db, HistoryQuery query, int[]? taskIds, (long Slot, long Id)? cursor)
    {
        var rows = OfTasks(db.Set<HistoryRow>(), taskIds);
        if (query.Key is not null)
        {
            var key = StoredText.Key(query.Key);
            rows = rows.Where(h => h.KeyText == key);
        }
        if (query.From is { } from)
        {
            var first = Micros.Of(from);
            rows = rows.Where(h => h.Slot >= first);
        }
        if (query.To is { } to)
        {
            var end = Micros.Of(to);
            rows = rows.Where(h => h.Slot < end);
        }
        // Constants, not parameters: the indexes of unsuccessful rows have this condition.
        if (query.OnlyUnsuccessful || (query.Outcome is { } bad && bad is not IterationOutcome.Succeeded
            && !Dialect.Of(db).CanInfer))
            rows = rows.Where(h => h.Outcome != IterationOutcome.Succeeded);
        if (query.Outcome is { } outcome)
            rows = rows.Where(h => h.Outcome == EF.Constant(outcome));
        if (query.Reason is { } reason)
            rows = rows.Where(h => h.Reason == reason);
        return query.OldestFirst ? OldestFirst(rows, cursor) : NewestFirst(rows, cursor);
    }

    /// <param name="rows">The rows.</param>
    /// <param name="taskIds">The ids of the tasks; null: all.</param>
    public static IQueryable<HistoryRow> OfTasks(IQueryable<HistoryRow> rows, int[]? taskIds) => taskIds switch
    {
        null => rows,
        [var id] => rows.Where(h => h.TaskId == id),
        _ => rows.Where(h => taskIds.Contains(h.TaskId)),
    };

    // The AND form makes the first condition one of the index; with OR, PostgreSQL reads from the end of the index on.
    private static IQueryable<HistoryRow> NewestFirst(IQueryable<HistoryRow> rows, (long Slot, long Id)? cursor)
    {
        if (cursor is var (slot, id))
            rows = rows.Where(h => h.Slot <= slot && (h.Slot < slot || h.Id < id));
        return rows.OrderByDescending(h => h.Slot).ThenByDescending(h => h.Id);
    }

    private static IQueryable<HistoryRow> OldestFirst(IQueryable<HistoryRow> rows, (long Slot, long Id)? cursor)
    {
        if (cursor is var (slot, id))
            rows = rows.Where(h => h.Slot >= slot && (h.Slot > slot || h.Id > id));
        return rows.OrderBy(h => h.Slot).ThenBy(h => h.Id);
    }

    private async Task<IReadOnlyList<HistoryEntry>> ToEntriesAsync(
        StoreContext db, List<HistoryRow> rows, CancellationToken cancellationToken)
    {
        var names = await tasks.FindNamesAsync(db, [.. rows.Select(h => h.TaskId).Distinct()], cancellationToken)
            .ConfigureAwait(false);
        var ids = await instances.FindIdsAsync(db, rows.Select(h => h.Instance), cancellationToken).ConfigureAwait(false);
        var fingerprints = rows.Where(h => h.Error is not null).Select(h => h.Error!.Value).Distinct().ToArray();
        var errors = fingerprints.Length == 0 ? [] : await db.Set<ErrorRow>().Where(e => fingerprints.Contains(e.Fingerprint))
            .ToDictionaryAsync(e => e.Fingerprint, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => Mapping.ToEntry(
            row,
            names.GetValueOrDefault(row.TaskId) ?? "",
            ids.GetValueOrDefault(row.Instance),
            errors.GetValueOrDefault(row.Error ?? 0)))];
    }

    private static void Check(HistoryQuery query)
    {
        if (query.PageSize is < 1 or > LargestPage)
            throw new ArgumentException(
                $"PageSize must be from 1 to {LargestPage}; it is {query.PageSize}.", nameof(query));
        if (query is { Key: not null, TaskName: null })
            throw new ArgumentException($"A query for the key '{query.Key}' needs a TaskName, and it has none.", nameof(query));
    }

    private static string FormatCursor(HistoryRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Slot:x}-{row.Id:x}");

    private static (long Slot, long Id)? ParseCursor(string? cursor)
    {
        if (cursor is null)
            return null;
        var parts = cursor.Split('-');
        if (parts.Length == 2 && TryParse(parts[0], out var slot) && TryParse(parts[1], out var id))
            return (slot, id);
        throw new ArgumentException(
            "The cursor is not one of a page of the history. Pass the Cursor of the page before, or null for the first page.",
            "query");
    }

    private static bool TryParse(string part, out long number) =>
        long.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
}
