namespace SafeLoop;

/// <summary>
/// Reads what recurring tasks have done and why they did not run: from the store when there is one, otherwise from the records in
/// memory.
/// </summary>
/// <threadsafety>All members may be used from any thread.</threadsafety>
public interface IRecurringTaskHistory
{
    /// <summary>Queries the history, newest slot first unless the query says otherwise.</summary>
    /// <param name="query">The filter and the page.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="ArgumentException">
    /// The page size, the cursor or the combination of filters is invalid.
    /// </exception>
    /// <exception cref="KeyNotFoundException">There is no task of this name, and none is stored.</exception>
    ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken = default);

    /// <summary>Explains what a task did at an instant, and why it did not run.</summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="instant">The instant: a slot, or any other.</param>
    /// <param name="key">The key of a keyed task, or its text; null for an ordinary task.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <remarks>When the store fails, the explanation uses the records in memory, and its text says so.</remarks>
    /// <exception cref="ArgumentException">
    /// The name is empty, the task is keyed and no key was given, or it is not keyed and one was given.
    /// </exception>
    /// <exception cref="KeyNotFoundException">There is no task of this name, and none is stored.</exception>
    ValueTask<SlotExplanation> ExplainAsync(
        string task, DateTimeOffset instant, object? key = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes what the store and the hosts have recorded of one key: state, history, error messages and commands.
    /// </summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="key">The key, or its text.</param>
    /// <param name="cancellationToken">
    /// Cancels the wait for the store. The key is erased all the same while this host runs.
    /// </param>
    /// <returns>
    /// A task that completes when the store has deleted it. Other hosts delete what they hold in memory within about five
    /// seconds. While the store is down, it does not complete.
    /// </returns>
    /// <remarks>
    /// Remove the key first: the loop of a key that is still there goes on and is recorded again. Totals per hour count tasks,
    /// not keys, and stay. The log of commands keeps that a key of the task was erased and when, and for up to two hours its
    /// text. Logs, traces and what your observers have written are not deleted.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty, or the task has no keys.</exception>
    /// <exception cref="KeyNotFoundException">There is no task of this name, and none is stored.</exception>
    /// <exception cref="InvalidOperationException">The host has stopped, or stops before the store has deleted it.</exception>
    ValueTask EraseAsync(string task, object key, CancellationToken cancellationToken = default);
}
