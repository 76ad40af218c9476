namespace SafeLoop;

/// <summary>The keys of a keyed task: each has a loop of its own from when it is added until it is removed. Inject it.</summary>
/// <typeparam name="TTask">The task.</typeparam>
/// <typeparam name="TKey">What tells its loops apart.</typeparam>
/// <remarks>
/// A key whose loop waits costs about 130 bytes and its place in the table; only loops that run at this moment cost more. Keys added before the
/// host has started begin with it.
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
    /// <remarks>A schedule of its own (<c>Every(key => …)</c>) is selected within this call, once the host has started. A key that was removed while its iteration was running starts again only when that has ended: two loops of one key never run at a time.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    bool TryAdd(TKey key);

    /// <summary>Removes a key: its running iteration is cancelled (<see cref="OutcomeReason.Removed"/>), and its loop ends with <see cref="LoopEnd.Removed"/>.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    bool TryRemove(TKey key);

    /// <summary>Whether the key is there.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    bool Contains(TKey key);

    /// <summary>
    /// A handle for the loop of one key: to look at it, pause it, run it now, start it again. Null when the key is not there,
    /// or has no loop yet: the host has not started, or a removed loop of the same key is still ending.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <remarks>
    /// To look leaves nothing behind: the handle shows what the loop remembers anyway, and of a key that fails the last error.
    /// The first call that controls the loop (<see cref="RecurringTaskHandle.Pause"/>,
    /// <see cref="RecurringTaskHandle.RunNowAsync"/>, <c>ChangeAsync</c>, …) or asks for
    /// <see cref="RecurringTaskHandle.Completion"/> makes the key like an ordinary task, with a history that begins then, and
    /// costs some kilobytes until the key is removed. It counts in <see cref="RecurringTaskOptions.Concurrency"/> like all others.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    RecurringTaskHandle? Find(TKey key);

    /// <summary>
    /// The keys that fail, those with the most failures in a row first: the last iteration failed or timed out, or failures
    /// have ended the loop.
    /// </summary>
    /// <param name="limit">How many at most; 0 to 1,000.</param>
    /// <returns>
    /// A copy. The number of all that fail is in <see cref="RecurringTaskSnapshot.Keys"/> of the task's handle.
    /// </returns>
    /// <remarks>Looks at every key once, so it takes the longer the more keys there are, and leaves nothing behind.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than 0 or greater than 1,000.</exception>
    IReadOnlyList<KeySnapshot<TKey>> FindFailing(int limit);

    /// <summary>
    /// The keys whose iterations take longest, by the one that is running or the last one, whichever is longer; the slowest
    /// first.
    /// </summary>
    /// <inheritdoc cref="FindFailing" path="/param"/>
    /// <inheritdoc cref="FindFailing" path="/remarks"/>
    /// <inheritdoc cref="FindFailing" path="/exception"/>
    /// <returns>A copy. Keys that have never run are not among them.</returns>
    IReadOnlyList<KeySnapshot<TKey>> FindSlowest(int limit);

    /// <summary>
    /// The keys that were paused by themselves, by hand or after failures, in no particular order. A pause of the whole task
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
    /// Resumes all loops that were paused with <see cref="Pause"/>, and failures count from zero; one that was paused by itself
    /// stays so. Looks at every key.
    /// </summary>
    /// <remarks>
    /// Loops that wait for a wall clock that was set back do so no longer: slots they have run already may run again.
    /// </remarks>
    void Resume();
}
