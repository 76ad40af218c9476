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

    /// <summary>A handle for the loop of one key: to look at it, pause it, run it now. Null when the key is not there, or has no loop: not yet, because the host has not started or a removed one of the same key is still ending; or no longer, because its loop has ended.</summary>
    /// <param name="key">The key.</param>
    /// <remarks>From now on this key is kept like an ordinary task, with a history of its own that begins now, and costs some kilobytes until it is removed. It counts in <see cref="RecurringTaskOptions.Concurrency"/> like all others.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    RecurringTaskHandle? Find(TKey key);

    /// <summary>Pauses all loops: running iterations go on, slots are recorded as skipped until <see cref="Resume"/>.</summary>
    /// <param name="reason">Why, for the log.</param>
    void Pause(string? reason = null);

    /// <summary>Resumes all loops that were paused with <see cref="Pause"/>; one that was paused by itself stays so.</summary>
    void Resume();
}
