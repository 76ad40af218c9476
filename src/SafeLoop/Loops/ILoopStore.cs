using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>What the loops need of a store that outlives the process.</summary>
internal interface ILoopStore
{
    /// <summary>True when what is stored of a task has been loaded, or the task does not wait for it any longer.</summary>
    bool CanBegin(RecurringTask task);

    /// <summary>Returns what was loaded of the loop of a task, once; null: nothing is stored, or it is not loaded.</summary>
    StoredLoop? TakeLoaded(string task);

    /// <summary>Stores a change of the options of a task; null: removes it.</summary>
    void SaveChange(string task, TaskChange? change, string? reason);

    /// <summary>Called when the options of a task have changed: the store has its schedule and its fingerprint.</summary>
    void OnOptionsChanged(string task);

    /// <summary>Called when a task was removed. When it is added again, what is stored of it is loaded.</summary>
    void OnRemoved(string task);

    /// <summary>Deletes what is stored of a key, on this host and in the store, and has other hosts do so.</summary>
    Task EraseAsync(string task, string key, CancellationToken cancellationToken);

    /// <summary>True when something was loaded of keys of a task that were not restored yet.</summary>
    bool HasKeys(string task);

    /// <summary>Restores what was loaded of a key, once.</summary>
    /// <param name="key">The key. Its text is read, which is user code.</param>
    /// <param name="apply">Applies what is stored. Called under a lock, or not at all.</param>
    void RestoreKey(IKeyed key, Action<StoredLoop> apply);

    /// <summary>
    /// Limits what is kept for keys that this host does not have yet. Called when all its keys have been restored.
    /// </summary>
    void LimitKeys(string task);

    /// <summary>Called when a key was removed and its loop has ended.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="isMoved">True: another host continues it, so what is stored of the key stays.</param>
    void OnKeyRemoved(string task, LoopId loop, bool isMoved);

    /// <summary>Calls the store for a user, with the time limit of a call.</summary>
    /// <exception cref="TimeoutException">The store has not answered in time.</exception>
    Task<T> CallAsync<T>(
        Func<IRecurringTaskStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken);

    /// <summary>Waits until the store has the pauses of this host.</summary>
    Task WhenSentAsync(CancellationToken cancellationToken);

    /// <summary>Notes that a slot of a task that survives restarts waits for its run. Later slots must not overtake it.</summary>
    void Reserve(RecurringTask task, IKeyed? key, Instant slot);

    /// <summary>Claims a slot of a task that survives restarts.</summary>
    /// <returns>False when another instance has claimed or recorded it.</returns>
    /// <exception cref="InvalidOperationException">The text of the key does not identify it.</exception>
    ValueTask<bool> TryClaimAsync(RecurringTask task, IKeyed? key, Instant slot, CancellationToken cancellationToken);
}
