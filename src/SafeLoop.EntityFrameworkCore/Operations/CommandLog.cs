using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads commands with their results.</summary>
internal sealed class CommandLog(StoreDatabase database, IDatabaseClock clock, TaskCatalog tasks)
{
    public Task<TaskCommandStatus?> FindAsync(Guid command, CancellationToken cancellationToken) =>
        database.ReadAsync(async (db, cancel) =>
        {
            var rows = await ReadAsync(db, Find(db, tasks.Application, command), 1, cancel).ConfigureAwait(false);
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

    /// <summary>A command of an application.</summary>
    public static IQueryable<CommandRow> Find(DbContext db, string application, Guid id) =>
        db.Set<CommandRow>().Where(c => c.Application == application && c.Id == id);

    /// <summary>The commands before a number.</summary>
    public static IQueryable<CommandRow> Select(DbContext db, int? taskId, long before)
    {
        var commands = db.Set<CommandRow>().Where(c => c.Number < before);
        return taskId is { } id ? commands.Where(c => c.TaskId == id) : commands;
    }

    /// <summary>Commands with the names of their tasks, newest first.</summary>
    public static IQueryable<NamedCommand> Newest(IQueryable<CommandRow> commands, IQueryable<TaskRow> tasks) => commands
        .Join(tasks, c => c.TaskId, t => t.Id, (command, task) => new NamedCommand { Row = command, Task = task.Name })
        .OrderByDescending(c => c.Row.Number);

    /// <summary>The results of commands, in the order of their ends.</summary>
    public static IQueryable<ResultRow> Results(DbContext db, string application, Guid[] commands) => db.Set<ResultRow>()
        .Where(r => r.Application == application && commands.Contains(r.CommandId)).OrderBy(r => r.Ended);

    private async Task<List<TaskCommandStatus>> ReadAsync(
        StoreContext db, IQueryable<CommandRow> commands, int most, CancellationToken cancellationToken)
    {
        var now = await clock.GetNowAsync(db, cancellationToken).ConfigureAwait(false);
        var rows = await Newest(commands, tasks.Rows(db)).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
        var results = (await Results(db, tasks.Application, [.. rows.Select(row => row.Row.Id)]).ToListAsync(cancellationToken)
            .ConfigureAwait(false)).ToLookup(r => r.CommandId);
        return rows.ConvertAll(row => Mapping.ToStatus(row.Row, row.Task, results[row.Row.Id], now));
    }

    private static long ReadCursor(string? cursor) => cursor is null ? long.MaxValue
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException(
            "The cursor is not one of a page of commands. Pass the Cursor of the page before, or null for the first page.",
            "query");
}
