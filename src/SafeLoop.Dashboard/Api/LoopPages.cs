using System.Runtime.CompilerServices;
using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Reads what the store has of all tasks, page by page.</summary>
internal static class LoopPages
{
    private const int MostTasks = 10_000, PageSize = 1_000, MostPages = 100; // a store may send short pages

    public static async IAsyncEnumerable<StoredLoop> ReadAsync(
        IRecurringTaskReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new LoopQuery { PageSize = PageSize };
        for (var (count, pages) = (0, 0); count < MostTasks && pages < MostPages; pages++)
        {
            var page = await reader.QueryLoopsAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var loop in page.Loops)
                yield return loop;
            count += page.Loops.Count;
            if (page.Cursor is null)
                yield break;
            query = query with { Cursor = page.Cursor };
        }
    }
}
