using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Loads the states of the tasks of a host, and adds, updates and renames the rows of the tasks.</summary>
internal sealed class TaskLoader(StoreDatabase database, TaskCatalog catalog, RowIds ids)
{
    public async Task<IReadOnlyList<StoredLoop>> LoadAsync(
        IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken)
    {
        var (known, loops) = await database.RunAsync(async (db, cancel) =>
        {
            var rows = await SaveTasksAsync(db, tasks, cancel).ConfigureAwait(false);
            return (rows, await LoadLoopsAsync(db, rows, cancel).ConfigureAwait(false));
        }, cancellationToken).ConfigureAwait(false);
        var formerNames = tasks.ToLookup(task => task.Name, task => task.FormerName, StringComparer.Ordinal);
        foreach (var task in known.Values)
            catalog.Add(task, formerNames[task.Name].First());
        return [.. loops.Select(loop => Mapping.ToLoop(loop, known[loop.TaskId].Name))];
    }

    private async Task<Dictionary<int, StoredTaskInfo>> SaveTasksAsync(
        StoreContext db, IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken)
    {
        var now = ids.EstimatedNow;
        var rows = await catalog.Rows(db).AsTracking().ToDictionaryAsync(t => t.NormalizedName, cancellationToken)
            .ConfigureAwait(false);
        var saved = new List<(TaskRow Row, StoredTask Task)>();
        foreach (var task in tasks)
        {
            var name = TaskCatalog.Normalize(task.Name);
            if (!rows.TryGetValue(name, out var row)
                && (task.FormerName is null || !rows.Remove(TaskCatalog.Normalize(task.FormerName), out row)))
                db.Add(row = catalog.CreateRow(task.Name, now));
            rows[name] = row;
            row.NormalizedName = name;
            row.Name = StoredText.Key(task.Name);
            row.IsKeyed = task.IsKeyed;
            row.Schedule = StoredText.Clean(task.Schedule)!;
            row.Fingerprint = StoredText.Clean(task.Fingerprint, StoreTables.LongestName);
            row.LastSeen = now;
            saved.Add((row, task));
        }
        db.ChangeTracker.DetectChanges();
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return saved.ToDictionary(s => s.Row.Id, s => new StoredTaskInfo(s.Row.Id, s.Task.Name, s.Row.Schedule));
    }

    private async Task<List<LoopRow>> LoadLoopsAsync(
        StoreContext db, Dictionary<int, StoredTaskInfo> tasks, CancellationToken cancellationToken)
    {
        var loops = await db.Set<LoopRow>().Where(l => catalog.Rows(db).Any(t => t.Id == l.TaskId))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        loops.RemoveAll(loop => !tasks.ContainsKey(loop.TaskId));
        var missing = tasks.Keys.Except(loops.Where(loop => loop.KeyText.Length == 0).Select(loop => loop.TaskId))
            .Select(id => new LoopRow { TaskId = id }).ToArray();
        db.AddRange(missing);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return [.. loops, .. missing];
    }
}
