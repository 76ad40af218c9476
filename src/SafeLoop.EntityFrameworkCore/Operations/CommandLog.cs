using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads commands with their results.</summary>
internal sealed class CommandLog(StoreDatabase database, IDatabaseClock clock, TaskCatalog tasks)
{
    public Task<TaskCommandStatus?> FindAsync(Guid command, CancellationToken cancellationToken) =>
        database.ReadAsync(async (db, cancel) =>
        {
            var rows = await ReadAsync(db, db.Set<CommandRow>().Where(c => c.Id == command), 1, cancel).ConfigureAwait(false);
            return rows.FirstOrDefault();
        }, cancellationToken);

    public async Task<TaskCommandPage> QueryAsync(TaskCommandQuery query, CancellationToken cancellationToken)
    {
        var before = ReadCursor(query.Cursor);
        int? taskId = null;
        if (query.TaskName is { } name)
        {
            taskId = await tasks.FindAsync(name, cancellationToken).ConfigureAwait(false);
            if (taskId is null)
                return new() { Commands = [] };
        }
        var found = await database.ReadAsync(
            (db, cancel) => ReadAsync(db, Select(db, taskId, before), query.PageSize + 1, cancel), cancellationToken)
            .ConfigureAwait(false);
        var page = found.Take(query.PageSize).ToList();
        return new()
        {
            Commands = page,
            Cursor = found.Count == page.Count ? null : page[^1].Command.Number.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The commands before a number.</summary>
    public static IQueryable<CommandRow> Select(DbContext db, int? taskId, long before)
    {
        var commands = db.Set<CommandRow>().Where(c => c.Number < before);
        return taskId is { } id ? commands.Where(c => c.TaskId == id) : commands;
    }

    private async Task<List<TaskCommandStatus>> ReadAsync(
        StoreContext db, IQueryable<CommandRow> commands, int most, CancellationToken cancellationToken)
    {
        var now = await clock.GetNowAsync(db, cancellationToken).ConfigureAwait(false);
        var rows = await commands.Join(tasks.Rows(db), c => c.TaskId, t => t.Id, (command, task) => new { command, task.Name })
            .OrderByDescending(c => c.command.Number).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
        Guid[] ids = [.. rows.Select(row => row.command.Id)];
        var results = (await db.Set<ResultRow>().Where(r => ids.Contains(r.CommandId)).OrderBy(r => r.Ended)
            .ToListAsync(cancellationToken).ConfigureAwait(false)).ToLookup(r => r.CommandId);
        return rows.ConvertAll(row => Mapping.ToStatus(row.command, row.Name, results[row.command.Id], now));
    }

    private static long ReadCursor(string? cursor) => cursor is null ? long.MaxValue
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException("The cursor is not one of a page of this log. Begin with the first page.", nameof(cursor));
}
