using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Adds to the totals per hour.</summary>
internal static class TotalWriter
{
    private const long Hour = 3_600_000_000;

    /// <summary>The beginning of the hour of an instant.</summary>
    public static long HourOf(long micros) => micros - (((micros % Hour) + Hour) % Hour);

    /// <summary>Adds rows. New ones are inserted by the SaveChanges of the caller.</summary>
    public static async Task AddAsync(StoreContext db, IEnumerable<TotalRow> totals, CancellationToken cancellationToken)
    {
        // In one order in all hosts: two that wait for each other's row would end in a deadlock.
        var sums = totals.GroupBy(t => (t.TaskId, t.Hour, t.Outcome, t.Reason)).Select(Sum)
            .OrderBy(t => t.TaskId).ThenBy(t => t.Hour).ThenBy(t => t.Outcome).ThenBy(t => t.Reason);
        foreach (var sum in sums)
        {
            if (await UpdateAsync(db, sum, cancellationToken).ConfigureAwait(false) == 0)
                db.Add(sum);
        }
    }

    private static TotalRow Sum(
        IGrouping<(int TaskId, long Hour, IterationOutcome Outcome, OutcomeReason Reason), TotalRow> rows) => new()
    {
        TaskId = rows.Key.TaskId,
        Hour = rows.Key.Hour,
        Outcome = rows.Key.Outcome,
        Reason = rows.Key.Reason,
        Slots = rows.Sum(t => t.Slots),
        Elapsed = rows.Sum(t => t.Elapsed),
        LongestElapsed = rows.Max(t => t.LongestElapsed),
        MaxLateness = rows.Max(t => t.MaxLateness),
    };

    private static Task<int> UpdateAsync(StoreContext db, TotalRow sum, CancellationToken cancellationToken)
    {
        var (slots, elapsed, longest, late) = (sum.Slots, sum.Elapsed, sum.LongestElapsed, sum.MaxLateness);
        return db.Set<TotalRow>()
            .Where(t => t.TaskId == sum.TaskId && t.Hour == sum.Hour && t.Outcome == sum.Outcome && t.Reason == sum.Reason)
            .ExecuteUpdateAsync(set => set
                .SetProperty(t => t.Slots, t => t.Slots + slots)
                .SetProperty(t => t.Elapsed, t => t.Elapsed + elapsed)
                .SetProperty(t => t.LongestElapsed, t => t.LongestElapsed < longest ? longest : t.LongestElapsed)
                .SetProperty(t => t.MaxLateness, t => t.MaxLateness < late ? late : t.MaxLateness), cancellationToken);
    }
}
