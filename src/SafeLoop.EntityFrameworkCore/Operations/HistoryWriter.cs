using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Adds rows of history. They are inserted by the SaveChanges of the caller.</summary>
internal sealed class HistoryWriter(RowIds ids, InstanceCatalog instances, string application)
{
    /// <param name="db">The context, in a transaction.</param>
    /// <param name="entries">Entries, each with the id of its task.</param>
    /// <param name="writer">The number of the instance that writes, which need not be that of the entries.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task AddAsync(
        StoreContext db, IReadOnlyList<(HistoryEntry Entry, int TaskId)> entries, int writer, CancellationToken cancellationToken)
    {
        var errors = await ErrorTexts.SaveAsync(
            db, application, [.. entries.Select(e => e.Entry)], ids.EstimatedNow, cancellationToken).ConfigureAwait(false);
        foreach (var (entry, taskId) in entries)
        {
            var row = ToRow(entry, taskId);
            row.Id = ids.Next(writer);
            row.Instance = await instances.FindAsync(db, entry.Instance, cancellationToken).ConfigureAwait(false);
            if (errors.TryGetValue(entry, out var error))
                (row.Error, row.Message) = error;
            db.Add(row);
        }
    }

    private static HistoryRow ToRow(HistoryEntry entry, int taskId)
    {
        var record = entry.Record;
        return new()
        {
            TaskId = taskId,
            KeyText = entry.Key is null ? null : StoredText.Key(entry.Key),
            Slot = Micros.Of(record.Slot),
            Started = Micros.Of(record.Started),
            Elapsed = Micros.Of(record.Elapsed),
            Iteration = record.Number <= int.MaxValue ? (int)record.Number : 0,
            LongIteration = record.Number <= int.MaxValue ? null : record.Number,
            Outcome = record.Outcome,
            Reason = record.Reason,
            IsManual = record.IsManual ? true : null,
            FirstSlot = Micros.Of(entry.FirstSlot),
            LongestElapsed = entry.LongestElapsed == TimeSpan.Zero ? null : Micros.Of(entry.LongestElapsed),
            Slots = record.Count == 1 ? null : record.Count,
            FencingToken = entry.FencingToken == 0 ? null : entry.FencingToken,
        };
    }
}
