using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads pages of stored tasks and keys. A call reads a bounded number of rows, by an index.</summary>
internal sealed class LoopReader(StoreDatabase database, TaskCatalog tasks)
{
    private const int MostVisited = 2_000;
    private const char TaskCursor = 't', KeyCursor = 'k';

    public async Task<LoopPage> QueryAsync(LoopQuery query, CancellationToken cancellationToken)
    {
        var after = ReadCursor(query.Cursor, query.TaskName is null ? TaskCursor : KeyCursor);
        var visited = query.Filter is LoopFilter.All ? query.PageSize : MostVisited;
        if (query.TaskName is null)
        {
            var tasks = await ReadTasksAsync(after, visited + 1, cancellationToken).ConfigureAwait(false);
            return ToPage(tasks, query, visited, TaskCursor);
        }
        if (await tasks.FindAsync(query.TaskName, cancellationToken).ConfigureAwait(false) is not { } taskId)
            return new() { Loops = [] };
        var prefix = query.Prefix is { Length: > 0 } text ? StoredText.LoopKey(text) : null;
        var rows = await database.ReadAsync(async (db, cancel) => (
            Name: await tasks.Rows(db).Where(t => t.Id == taskId).Select(t => t.Name).FirstAsync(cancel).ConfigureAwait(false),
            Keys: await SelectKeys(db, taskId, prefix, after).Take(visited + 1).ToListAsync(cancel).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        // Keys with one beginning follow each other, whichever order the database has.
        var keys = rows.Keys.TakeWhile(row => prefix is null || row.KeyText.StartsWith(prefix, StringComparison.Ordinal))
            .Select(row => (row.KeyText, Mapping.ToLoop(row, rows.Name))).ToList();
        return ToPage(keys, query, visited, KeyCursor);
    }

    /// <summary>The stored keys of a task.</summary>
    public static IQueryable<LoopRow> SelectKeys(DbContext db, int taskId, string? prefix, string? after)
    {
        var rows = db.Set<LoopRow>().Where(l => l.TaskId == taskId);
        if (after is not null)
            rows = rows.Where(l => string.Compare(l.KeyText, after) > 0);
        else if (prefix is not null)
            rows = rows.Where(l => string.Compare(l.KeyText, prefix) >= 0);
        else
            rows = rows.Where(l => string.Compare(l.KeyText, "") > 0); // the empty one is the task itself
        return rows.OrderBy(l => l.KeyText);
    }

    /// <summary>The stored tasks of an application.</summary>
    public static IQueryable<TaskRow> SelectTasks(IQueryable<TaskRow> tasks, string? after) =>
        (after is null ? tasks : tasks.Where(t => string.Compare(t.NormalizedName, after) > 0)).OrderBy(t => t.NormalizedName);

    private Task<List<(string Position, StoredLoop Loop)>> ReadTasksAsync(
        string? after, int most, CancellationToken cancellationToken) => database.ReadAsync(async (db, cancel) =>
        {
            var rows = await SelectTasks(tasks.Rows(db), after).Take(most).ToListAsync(cancel).ConfigureAwait(false);
            var ids = rows.Select(t => t.Id).ToArray();
            var loops = await db.Set<LoopRow>().Where(l => ids.Contains(l.TaskId) && l.KeyText == "")
                .ToDictionaryAsync(l => l.TaskId, cancel).ConfigureAwait(false);
            return rows.ConvertAll(task => (
                task.NormalizedName,
                Mapping.ToLoop(loops.GetValueOrDefault(task.Id) ?? new(), task.Name) with { Schedule = task.Schedule }));
        }, cancellationToken);

    private static LoopPage ToPage(List<(string Position, StoredLoop Loop)> rows, LoopQuery query, int visited, char kind)
    {
        var loops = new List<StoredLoop>();
        for (var at = 0; at < Math.Min(visited, rows.Count); at++)
        {
            if (Is(rows[at].Loop, query.Filter))
                loops.Add(rows[at].Loop);
            var isLast = loops.Count == query.PageSize || at == visited - 1;
            if (isLast && at < rows.Count - 1)
                return new() { Loops = loops, Cursor = kind + rows[at].Position };
            if (isLast)
                break;
        }
        return new() { Loops = loops };
    }

    private static bool Is(StoredLoop loop, LoopFilter filter) => filter switch
    {
        LoopFilter.Failing => loop.ConsecutiveFailures > 0,
        LoopFilter.Paused => loop.Pause is not null,
        LoopFilter.Ended => loop.End is not null,
        _ => true,
    };

    private static string? ReadCursor(string? cursor, char kind) =>
        cursor is null ? null
        : cursor.Length > 1 && cursor[0] == kind ? cursor[1..]
        : throw new ArgumentException(
            "The cursor is not one of a page of loops. Pass the Cursor of the page before, or null for the first page.",
            "query");
}
