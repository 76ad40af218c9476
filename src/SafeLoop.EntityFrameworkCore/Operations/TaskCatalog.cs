using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The tasks of one application. Their ids never change, so each is looked up once.</summary>
internal sealed class TaskCatalog(StoreDatabase database, RowIds ids, string application)
{
    private readonly ConcurrentDictionary<string, StoredTaskInfo> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _names = new(); // of the tasks of this host

    public string Application => application;

    public static string Normalize(string name) => StoredText.Key(name.ToUpperInvariant());

    /// <summary>Adds a task that was loaded. Its former name is that of another task from now on.</summary>
    public void Add(StoredTaskInfo task, string? formerName)
    {
        if (formerName is not null && _known.TryGetValue(Normalize(formerName), out var former) && former.Id == task.Id)
            _known.TryRemove(Normalize(formerName), out _);
        _known[Normalize(task.Name)] = task;
        _names[task.Id] = task.Name;
    }

    /// <summary>The names of tasks, read where the tasks are not those of this host.</summary>
    public async ValueTask<IReadOnlyDictionary<int, string>> FindNamesAsync(
        DbContext db, IEnumerable<int> taskIds, CancellationToken cancellationToken)
    {
        var names = new Dictionary<int, string>();
        foreach (var id in taskIds)
        {
            if (_names.TryGetValue(id, out var name))
                names[id] = name;
        }
        int[] others = [.. taskIds.Except(names.Keys)];
        if (others.Length > 0)
        {
            await foreach (var task in db.Set<TaskRow>().Where(t => others.Contains(t.Id)).Select(t => new { t.Id, t.Name })
                .AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
                names[task.Id] = task.Name;
        }
        return names;
    }

    /// <summary>The task of this name, added where it is new.</summary>
    public async ValueTask<StoredTaskInfo> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(Normalize(name), out var known))
            return known;
        var id = await database.RunAsync(async (db, cancel) =>
        {
            if (await FindRowAsync(db, name, cancel).ConfigureAwait(false) is { } row)
                return row.Id;
            var added = CreateRow(name, ids.EstimatedNow);
            db.Add(added);
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            return added.Id;
        }, cancellationToken).ConfigureAwait(false);
        return _known.GetOrAdd(Normalize(name), new StoredTaskInfo(id, name, Schedule: null));
    }

    /// <summary>The id of the task of this name; null: it is not stored.</summary>
    public async ValueTask<int?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(Normalize(name), out var known))
            return known.Id;
        var row = await database.ReadAsync((db, cancel) => FindRowAsync(db, name, cancel), cancellationToken)
            .ConfigureAwait(false);
        return row?.Id;
    }

    public IQueryable<TaskRow> Rows(DbContext db) => db.Set<TaskRow>().Where(t => t.Application == application);

    /// <summary>
    /// The ids of all tasks of the application; null where it is alone in the database. PostgreSQL would plan a join with a table
    /// of tasks that it has not analysed yet as if there were one, and sort the whole history.
    /// </summary>
    public async Task<int[]?> FindIdsAsync(DbContext db, CancellationToken cancellationToken)
    {
        var isAlone = !await db.Set<TaskRow>().AnyAsync(t => t.Application != application, cancellationToken)
            .ConfigureAwait(false);
        return isAlone ? null : await Rows(db).Select(t => t.Id).ToArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    public TaskRow CreateRow(string name, long now) => new()
    {
        Application = application,
        Name = StoredText.Key(name),
        NormalizedName = Normalize(name),
        FirstSeen = now,
        LastSeen = now,
    };

    private Task<TaskRow?> FindRowAsync(StoreContext db, string name, CancellationToken cancellationToken)
    {
        var normalized = Normalize(name);
        return Rows(db).FirstOrDefaultAsync(t => t.NormalizedName == normalized, cancellationToken);
    }
}
