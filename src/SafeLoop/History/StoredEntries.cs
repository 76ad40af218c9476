using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// Reads the entries around an instant from the store: two small pages, which an index answers. Reads the hosts too, where one
/// was lost or none was running.
/// </summary>
internal static class StoredEntries
{
    // Rows of several slots end after slots that lie among them, and a run by hand is no slot of the schedule.
    private const int RowsAfter = 40, RowsBefore = 10;

    public static async ValueTask<NearbyEntries> FindAsync(
        IRecurringTaskStore store, string task, string? key, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var query = new HistoryQuery { TaskName = task, Key = key };
        var before = await store.QueryAsync(query with { To = instant, PageSize = RowsBefore }, cancellationToken)
            .ConfigureAwait(false);
        var after = await store
            .QueryAsync(query with { From = instant, OldestFirst = true, PageSize = RowsAfter }, cancellationToken)
            .ConfigureAwait(false);
        var near = NearbyEntries.Find([.. before.Entries, .. after.Entries], instant, isComplete: false);
        return HostLiveness.IsNeededFor(near)
            ? near with { Instances = await store.QueryInstancesAsync(cancellationToken).ConfigureAwait(false) }
            : near;
    }

    /// <summary>True when there is an entry of this task.</summary>
    public static async ValueTask<bool> HasAnyAsync(IRecurringTaskStore store, string task, CancellationToken cancellationToken)
    {
        var page = await store.QueryAsync(new() { TaskName = task, PageSize = 1 }, cancellationToken).ConfigureAwait(false);
        return page.Entries.Count > 0;
    }
}
