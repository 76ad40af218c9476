using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads the instances of the application, for pages.</summary>
internal sealed class InstanceReader(StoreDatabase database, TaskCatalog tasks)
{
    private const int Most = 1_000;

    public async Task<IReadOnlyList<RecurringTaskInstance>> QueryAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (db, cancel) => Select(db, tasks.Application).Take(Most).ToListAsync(cancel), cancellationToken)
            .ConfigureAwait(false);
        return rows.ConvertAll(ToInstance);
    }

    /// <summary>The instances of an application, the last started first.</summary>
    public static IQueryable<InstanceRow> Select(DbContext db, string application) =>
        db.Set<InstanceRow>().Where(i => i.Application == application).OrderByDescending(i => i.Number);

    private static RecurringTaskInstance ToInstance(InstanceRow row) => new()
    {
        Id = row.Id,
        Host = row.Host,
        ProcessId = row.ProcessId,
        Version = row.Version,
        State = row.State switch
        {
            InstanceState.Stopped => RecurringTaskInstanceState.Stopped,
            InstanceState.Lost => RecurringTaskInstanceState.Lost,
            _ => RecurringTaskInstanceState.Running,
        },
        Started = Micros.ToInstant(row.Started),
        LastHeartbeat = Micros.ToInstant(row.Heartbeat),
        Ended = Micros.ToInstant(row.Ended),
        LastSample = row.HeapSize is not { } size ? null : new()
        {
            Taken = Micros.ToInstant(row.Heartbeat),
            HeapSize = size,
            HeapLimit = row.HeapLimit ?? 0,
            Loops = row.Loops ?? 0,
        },
    };
}
