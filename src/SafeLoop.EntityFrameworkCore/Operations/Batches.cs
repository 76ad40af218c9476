using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Saves a batch in one transaction. Its first statement makes it idempotent.</summary>
internal sealed class Batches(
    StoreDatabase database, RowIds ids, TaskCatalog tasks, InstanceCatalog instances, HistoryWriter history)
{
    public async Task SaveAsync(StoreBatch batch, CancellationToken cancellationToken)
    {
        var taskIds = await GetTaskIdsAsync(batch, cancellationToken).ConfigureAwait(false);
        await database.RunAsync(async (db, cancel) =>
        {
            var instance = await instances.GetAsync(db, batch.Instance, cancel).ConfigureAwait(false);
            // What follows adds, so it must not be repeated. A repeated batch is recognized here.
            var row = db.Set<InstanceRow>().Where(i => i.Number == instance);
            if (await row.Where(i => i.Batch < batch.Number)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.Batch, batch.Number), cancel).ConfigureAwait(false) == 0)
                return await row.AnyAsync(cancel).ConfigureAwait(false) ? false : throw InstanceCatalog.Unknown(batch.Instance);

            // In one order in all hosts, loops, totals, error texts: two that wait for each other's row would end in a deadlock.
            foreach (var change in batch.Loops.OrderBy(c => taskIds[c.Loop.TaskName])
                .ThenBy(c => c.Loop.Key, StringComparer.Ordinal))
                await LoopWriter.SaveAsync(db, change, taskIds[change.Loop.TaskName], cancel).ConfigureAwait(false);
            await TotalWriter.AddAsync(db, batch.Totals.Select(t => ToRow(t, taskIds[t.TaskName])), cancel).ConfigureAwait(false);
            await history.AddAsync(db, [.. batch.History.Select(e => (e, taskIds[e.TaskName]))], instance, cancel)
                .ConfigureAwait(false);
            if (batch.Gap is { } gap)
                db.Add(ToRow(gap, instance, tasks.Application));
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Dictionary<string, int>> GetTaskIdsAsync(StoreBatch batch, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = batch.History.Select(e => e.TaskName).Concat(batch.Loops.Select(c => c.Loop.TaskName))
            .Concat(batch.Totals.Select(t => t.TaskName));
        foreach (var name in names)
        {
            if (!found.ContainsKey(name))
                found[name] = (await tasks.GetAsync(name, cancellationToken).ConfigureAwait(false)).Id;
        }
        return found;
    }

    private static TotalRow ToRow(HourlyTotal total, int taskId) => new()
    {
        TaskId = taskId,
        Hour = TotalWriter.HourOf(Micros.Of(total.Hour)),
        Outcome = total.Outcome,
        Reason = total.Reason,
        Slots = total.Count,
        Elapsed = Micros.Of(total.Elapsed),
        LongestElapsed = Micros.Of(total.LongestElapsed),
        MaxLateness = Micros.Of(total.MaxLateness),
    };

    private GapRow ToRow(HistoryGap gap, int instance, string application) => new()
    {
        Id = ids.Next(instance, instance),
        Instance = instance,
        Application = application,
        FirstEnded = Micros.Of(gap.From),
        LastEnded = Micros.Of(gap.To),
        Succeeded = gap.Missing.Succeeded,
        Failed = gap.Missing.Failed,
        TimedOut = gap.Missing.TimedOut,
        Interrupted = gap.Missing.Interrupted,
        Skipped = gap.Missing.Skipped,
    };
}
