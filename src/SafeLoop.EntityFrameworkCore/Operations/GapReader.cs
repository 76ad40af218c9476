using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Reads which outcomes the history of the application lacks.</summary>
internal sealed class GapReader(StoreDatabase database, TaskCatalog tasks)
{
    private const int Most = 1_000;

    public async Task<IReadOnlyList<HistoryGap>> QueryAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (db, cancel) => Select(db, tasks.Application, Micros.Of(since)).Take(Most).ToListAsync(cancel), cancellationToken)
            .ConfigureAwait(false);
        return rows.ConvertAll(ToGap);
    }

    /// <summary>The gaps of an application, the one that ended last first: an index has their order.</summary>
    public static IQueryable<GapRow> Select(DbContext db, string application, long since) => db.Set<GapRow>()
        .Where(g => g.LastEnded >= since && g.Application == application).OrderByDescending(g => g.LastEnded);

    private static HistoryGap ToGap(GapRow row) => new()
    {
        From = Micros.ToInstant(row.FirstEnded),
        To = Micros.ToInstant(row.LastEnded),
        Missing = new()
        {
            Succeeded = row.Succeeded,
            Failed = row.Failed,
            TimedOut = row.TimedOut,
            Interrupted = row.Interrupted,
            Skipped = row.Skipped,
        },
    };
}
