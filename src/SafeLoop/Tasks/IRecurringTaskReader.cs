using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// Reads for pages and tools what hosts share: instances, totals per hour, gaps of the history, and stored tasks and keys.
/// Reads from the store when there is one, otherwise from memory. Also reads the keys of this host.
/// </summary>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public interface IRecurringTaskReader
{
    /// <summary>Reads the hosts of the application, the last started first: at most 1,000.</summary>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Without a store, this host alone.</returns>
    ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the last entries of the history of each task, in one query where the store can do so.</summary>
    /// <param name="count">The maximum number of entries of a task: 1 to 100.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>
    /// The entries, newest slot first within a task. For a keyed task, the last ones of all its keys together. Without a store,
    /// they are from the records in memory.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not from 1 to 100.</exception>
    ValueTask<IReadOnlyList<HistoryEntry>> QueryLatestAsync(int count, CancellationToken cancellationToken = default);

    /// <summary>Reads the samples of a host, also of one that has ended: one per minute, the latest first.</summary>
    /// <param name="query">The filter and the page.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>
    /// Without a store, the samples of this host: each call takes one, at most every five seconds, and the last 1,000 are kept.
    /// </returns>
    /// <exception cref="ArgumentException">The page size, the cursor or the range is invalid.</exception>
    ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads which outcomes the history lacks, because memory had no room for them until they could be saved. At most 1,000 gaps;
    /// the gap that ended last comes first.
    /// </summary>
    /// <param name="since">The instant at or after which the gaps ended.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Without a store, no gaps.</returns>
    ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>Reads totals per hour, the latest hour first.</summary>
    /// <param name="query">The filter and the page.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Without a store, the totals of the records in memory.</returns>
    /// <exception cref="ArgumentException">The page size, the cursor or the range is invalid.</exception>
    ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads what is stored of tasks, or of the keys of one task, in the order of their names or texts.</summary>
    /// <param name="query">The filter and the page.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Without a store, an empty page. A page may be short, or empty, and have a cursor all the same.</returns>
    /// <exception cref="ArgumentException">The page size, the cursor or the prefix is invalid.</exception>
    ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads keys of a keyed task that this host has.</summary>
    /// <param name="query">The filter and the page.</param>
    /// <returns>A page. It may be short, or empty, and have a cursor all the same: a call visits at most 20,000 keys.</returns>
    /// <exception cref="ArgumentException">
    /// The page size or the cursor is invalid, or the task has no keys.
    /// </exception>
    /// <exception cref="KeyNotFoundException">This host has no task of this name.</exception>
    KeyPage QueryKeys(KeyQuery query);

    /// <summary>Finds the handle of a key by its text.</summary>
    /// <param name="task">The name of the keyed task; capitals do not matter.</param>
    /// <param name="key">The text of the key.</param>
    /// <returns>
    /// Null when this host has no such task or key, when two keys have this text, or when the key has no loop yet.
    /// </returns>
    RecurringTaskHandle? FindKey(string task, string key);
}
