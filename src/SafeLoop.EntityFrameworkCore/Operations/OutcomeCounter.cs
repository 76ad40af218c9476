using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Counts outcomes in the transaction that records them, so that a host that is killed misses none.</summary>
internal static class OutcomeCounter
{
    /// <summary>Adds to the states of loops and to the totals. New totals are inserted by the caller's SaveChanges.</summary>
    public static async Task CountAsync(
        StoreContext db, IReadOnlyList<(HistoryEntry Entry, int TaskId)> outcomes, CancellationToken cancellationToken)
    {
        foreach (var (entry, taskId) in outcomes)
            await LoopWriter.CountAsync(db, entry, taskId, cancellationToken).ConfigureAwait(false);
        // Those of keyed tasks come with batches: one row of totals for each slot of a million keys would be a queue.
        var totals = outcomes.Where(o => o.Entry.Key is null).Select(o => ToRow(o.Entry, o.TaskId));
        await TotalWriter.AddAsync(db, totals, cancellationToken).ConfigureAwait(false);
    }

    private static TotalRow ToRow(HistoryEntry entry, int taskId) => new()
    {
        TaskId = taskId,
        Hour = TotalWriter.HourOf(Micros.Of(entry.Record.Started + entry.Record.Elapsed)),
        Outcome = entry.Record.Outcome,
        Reason = entry.Record.Reason,
        Slots = entry.Record.Count,
        Elapsed = Micros.Of(entry.Record.Elapsed),
        LongestElapsed = Micros.Of(entry.LongestElapsed > TimeSpan.Zero ? entry.LongestElapsed : entry.Record.Elapsed),
        MaxLateness = Micros.Of(entry.Record.Lateness),
    };
}
