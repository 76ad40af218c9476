namespace SafeLoop;

/// <summary>The keys of a keyed task: each has a loop of its own from when it is added until it is removed. Inject it.</summary>
/// <typeparam name="TTask">The task.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A key whose loop waits takes 88 bytes, the key itself and a place in the hash table: about 100 bytes for an <c>int</c>. Only
/// loops that run at this moment take more. Keys that are added before the host has started begin with it.
/// </remarks>
/// <threadsafety>All members may be used from any thread. None waits for a step.</threadsafety>
public interface IRecurringTaskKeys<TTask, TKey>
    where TTask : class, IRecurringTask<TKey>
    where TKey : notnull
{
    /// <summary>How many keys there are, those included whose loops have ended by themselves.</summary>
    int Count { get; }

    /// <summary>The keys at this moment, in no particular order. A copy.</summary>
    IReadOnlyCollection<TKey> Keys { get; }

    /// <summary>Adds a key and starts its loop, whose schedule counts from now.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False when it is there already.</returns>
    /// <remarks>
    /// Once the host has started, the delegate of a schedule per key (<c>Every(key => …)</c>) is called within this call. A key
    /// that was removed while its iteration was running starts again only after that iteration has ended: two loops of one key
    /// never run at a time.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    bool TryAdd(TKey key);

    /// <summary>
    /// Removes a key: its running iteration is cancelled (<see cref="OutcomeReason.Removed"/>), and its loop ends with <see
    /// cref="LoopEnd.Removed"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    bool TryRemove(TKey key);

    /// <summary>Whether the key is there.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    bool Contains(TKey key);

    /// <summary>
    /// Finds a handle that shows and controls the loop of one key. Null when there is no such key or it has no loop yet, because
    /// the host has not started or a removed loop of the same key is still ending.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <remarks>
    /// Reading the handle costs no memory. It shows what the loop remembers and, for a failing key, the last error. The first
    /// call that controls the loop (<see cref="RecurringTaskHandle.Pause"/>, <see cref="RecurringTaskHandle.RunNowAsync"/>,
    /// <c>ChangeAsync</c>, …) or reads <see cref="RecurringTaskHandle.Completion"/> gives the key a runner and a history that
    /// begins then. They cost some kilobytes until the key is removed. The key counts in
    /// <see cref="RecurringTaskOptions.Concurrency"/> like all others.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    RecurringTaskHandle? Find(TKey key);

    /// <summary>
    /// Finds failing keys, those with the most failures in a row first. A key is failing when its last iteration failed or
    /// timed out, or when failures have ended its loop.
    /// </summary>
    /// <param name="limit">How many at most; 0 to 1,000.</param>
    /// <returns>
    /// A copy. <see cref="RecurringTaskSnapshot.Keys"/> of the task's handle has the number of failing keys whose loops have not
    /// ended.
    /// </returns>
    /// <remarks>Visits every key once, so the time grows with the number of keys. Keeps no memory.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than 0 or greater than 1,000.</exception>
    IReadOnlyList<KeySnapshot<TKey>> FindFailing(int limit);

    /// <summary>
    /// Finds the keys with the longest iterations, slowest first. The running or the last iteration counts, whichever is longer.
    /// </summary>
    /// <inheritdoc cref="FindFailing" path="/param"/>
    /// <inheritdoc cref="FindFailing" path="/remarks"/>
    /// <inheritdoc cref="FindFailing" path="/exception"/>
    /// <returns>A copy. Keys that have never run are not among them.</returns>
    IReadOnlyList<KeySnapshot<TKey>> FindSlowest(int limit);

    /// <summary>
    /// Finds the keys that are paused individually, by hand or after failures, in no particular order. A pause of the whole task
    /// does not count.
    /// </summary>
    /// <inheritdoc cref="FindFailing" path="/param"/>
    /// <inheritdoc cref="FindFailing" path="/remarks"/>
    /// <inheritdoc cref="FindFailing" path="/exception"/>
    /// <returns>A copy.</returns>
    IReadOnlyList<KeySnapshot<TKey>> FindPaused(int limit);

    /// <summary>Pauses all loops: running iterations go on, slots are recorded as skipped until <see cref="Resume"/>.</summary>
    /// <param name="reason">Why, for the log.</param>
    void Pause(string? reason = null);

    /// <summary>
    /// Resumes all loops that were paused with <see cref="Pause"/>; their failures count from zero. A key that is paused
    /// individually stays paused. Visits every key.
    /// </summary>
    /// <remarks>
    /// This also ends the wait for a wall clock that was set back. Slots that have already run may then run again.
    /// </remarks>
    void Resume();
}
