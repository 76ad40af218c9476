using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Adds rows of history, which the SaveChanges of the caller inserts. It locks error texts, so call it after the loops and
/// the totals of the transaction.
/// </summary>
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
            var instance = await instances.FindAsync(db, entry.Instance, cancellationToken).ConfigureAwait(false);
            row.Id = ids.Next(instance, writer);
            if (errors.TryGetValue(entry, out var error))
                (row.Error, row.Message) = error;
            db.Add(row);
        }
    }

    private static HistoryRow ToRow(HistoryEntry entry, int taskId)
    {
        var record = entry.Record;
        var slot = Micros.Of(record.Slot);
        var row = new HistoryRow
        {
            TaskId = taskId,
            KeyText = entry.Key is null ? null : StoredText.Key(entry.Key),
            Slot = slot,
            Outcome = record.Outcome,
            Reason = record.Reason,
            IsManual = record.IsManual ? true : null,
            FencingToken = entry.FencingToken == 0 ? null : entry.FencingToken,
            TraceId = Guid.TryParseExact(entry.TraceId, "N", out var traceId) ? traceId : null,
        };
        (row.Late, row.LongLate) = Split(Micros.Of(record.Started) - slot);
        (row.Elapsed, row.LongElapsed) = Split(Micros.Of(record.Elapsed));
        (row.Iteration, row.LongIteration) = Split(record.Number);
        if (Micros.Of(entry.FirstSlot) is { } first)
            (row.Span, row.LongSpan) = Split(slot - first);
        if (entry.LongestElapsed != TimeSpan.Zero)
            (row.LongestElapsed, row.LongLongestElapsed) = Split(Micros.Of(entry.LongestElapsed));
        if (record.Count != 1)
            (row.Slots, row.LongSlots) = Split(record.Count);
        return row;
    }

    /// <summary>A number as a row holds it: in 32 bits, or zero and in 64.</summary>
    public static (int Narrow, long? Wide) Split(long number) =>
        number is >= int.MinValue and <= int.MaxValue ? ((int)number, null) : (0, number);
}
