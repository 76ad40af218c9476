namespace SafeLoop;

/// <summary>
/// The cluster of this host: its members, who runs which loop, and operations that the owner of a loop executes. Inject it.
/// Register it with <c>AddRecurringTaskCluster</c> of the package SafeLoop.Orleans.
/// </summary>
/// <remarks>
/// <para>
/// Every host accepts every operation, and sends it to the host that owns the loop. While a loop moves, the operation waits for
/// its next owner, for at most 15 seconds.
/// </para>
/// <para>
/// An operation throws what its owner throws, with the same message. <see cref="TimeoutException"/> has two more causes: no host
/// owned the loop within that time, or its owner has not replied. Then the operation may have been executed. The message says
/// which of them it was. Operations that may be repeated, such as <see cref="PauseAsync"/>, are sent to the next owner instead.
/// </para>
/// </remarks>
/// <threadsafety>All members may be used from any thread.</threadsafety>
/// <example><code>
/// IterationRecord record = await cluster.RunNowAsync("devices", key: 42);
/// ClusterMember? owner = cluster.OwnerOf("devices", 42);
/// </code></example>
public interface IRecurringTaskCluster
{
    /// <summary>The hosts that are in the cluster, as this host sees it. It reads memory, not the store.</summary>
    IReadOnlyList<ClusterMember> Members { get; }

    /// <summary>The host that runs the loop of an ordinary task, or is about to. It reads memory, not the store.</summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <returns>
    /// Null while no host is known. While members come and go, hosts may return different owners:
    /// <see cref="QueryShardsAsync"/> reads the store.
    /// </returns>
    /// <exception cref="ArgumentException">The task has keys.</exception>
    /// <exception cref="KeyNotFoundException">No member of the cluster has this task.</exception>
    ClusterMember? OwnerOf(string task);

    /// <summary>The host that runs the loop of a key, or is about to. It reads memory, not the store.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="key">The key, or its text. It need not exist.</param>
    /// <inheritdoc cref="OwnerOf(string)" path="/returns"/>
    /// <exception cref="ArgumentException">The task has no keys, or the key has no text.</exception>
    /// <exception cref="KeyNotFoundException">No member of the cluster has this task.</exception>
    ClusterMember? OwnerOf<TKey>(string task, TKey key)
        where TKey : notnull;

    /// <summary>
    /// Runs an iteration now, as <see cref="RecurringTaskHandle.RunNowAsync"/> does on the owner, and waits for it.
    /// </summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="key">The key of a keyed task, or its text; null for an ordinary task.</param>
    /// <param name="cancellationToken">
    /// Cancels the run (<see cref="OutcomeReason.Cancelled"/>). Before its owner has replied, it stops waiting instead.
    /// </param>
    /// <returns>How it ended.</returns>
    /// <remarks>It is not sent a second time, so it runs at most once.</remarks>
    /// <exception cref="ArgumentException">
    /// The task is keyed and no key was given, or it is not keyed and one was given.
    /// </exception>
    /// <exception cref="KeyNotFoundException">No member of the cluster has this task, or there is no such key.</exception>
    /// <exception cref="TimeoutException">
    /// No host owned the loop, or its owner has not replied; then the iteration may have run.
    /// </exception>
    Task<IterationRecord> RunNowAsync(string task, object? key = null, CancellationToken cancellationToken = default);

    /// <summary>Pauses a loop. It stays paused when another host takes it over.</summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="key">The key of a keyed task, or its text; null for an ordinary task.</param>
    /// <param name="reason">Why, for the log, the snapshot and the history; null: it was paused by hand.</param>
    /// <param name="by">Who pauses it; null: not stated.</param>
    /// <param name="until">When it resumes by itself, on the wall clock; null: when it is resumed.</param>
    /// <param name="cancellationToken">Stops waiting. It may be paused all the same.</param>
    /// <remarks>
    /// The owner stores the pause within about a second. If the owner is lost before, the loop is not paused. A keyed task is
    /// paused as a whole on each host by its handle, or with a store on all of them.
    /// </remarks>
    /// <inheritdoc cref="RunNowAsync" path="/exception"/>
    Task PauseAsync(
        string task,
        object? key = null,
        string? reason = null,
        string? by = null,
        DateTimeOffset? until = null,
        CancellationToken cancellationToken = default);

    /// <summary>Resumes a paused loop: its next slot runs, and failures count from zero.</summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="key">The key of a keyed task, or its text; null for an ordinary task.</param>
    /// <param name="reason">Why, for the log; null: it was resumed by hand.</param>
    /// <param name="by">Who resumes it; null: not stated.</param>
    /// <param name="cancellationToken">Stops waiting. It may be resumed all the same.</param>
    /// <inheritdoc cref="RunNowAsync" path="/exception"/>
    Task ResumeAsync(
        string task,
        object? key = null,
        string? reason = null,
        string? by = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads the loop as it is at this moment on its owner.</summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="key">The key of a keyed task, or its text; null for an ordinary task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// The snapshot. <see cref="RecurringTaskSnapshot.LastException"/> is null, because an exception stays on its host.
    /// </returns>
    /// <inheritdoc cref="RunNowAsync" path="/exception"/>
    Task<RecurringTaskSnapshot> SnapshotAsync(
        string task, object? key = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Explains what a loop did at an instant, and why it did not run, as <see cref="IRecurringTaskHistory.ExplainAsync"/> does
    /// on the owner. Without a store, it knows only what the loop did on that host.
    /// </summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <param name="instant">The instant: a slot, or any other.</param>
    /// <param name="key">The key of a keyed task, or its text; null for an ordinary task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <inheritdoc cref="RunNowAsync" path="/exception"/>
    Task<SlotExplanation> ExplainAsync(
        string task, DateTimeOffset instant, object? key = null, CancellationToken cancellationToken = default);

    /// <summary>Adds a key on its owner. It stays when another host takes it over.</summary>
    /// <param name="task">The name of the keyed task; capitals do not matter.</param>
    /// <param name="key">The key, or its text. Text works for keys that are text, numbers (int, long) or a Guid.</param>
    /// <param name="cancellationToken">Stops waiting. The key may be added all the same.</param>
    /// <returns>False when it is there already.</returns>
    /// <remarks>The owner stores the key within about a second. If the owner is lost before, the key is not added.</remarks>
    /// <exception cref="ArgumentException">The task has no keys, or the key has no text.</exception>
    /// <exception cref="InvalidOperationException">The owner cannot read the key from its text.</exception>
    /// <exception cref="KeyNotFoundException">No member of the cluster has this task.</exception>
    /// <exception cref="TimeoutException">No host owned the shard of the key, or its owner has not replied.</exception>
    Task<bool> AddAsync(string task, object key, CancellationToken cancellationToken = default);

    /// <summary>Removes a key on its owner. A running iteration is cancelled (<see cref="OutcomeReason.Removed"/>).</summary>
    /// <param name="task">The name of the keyed task; capitals do not matter.</param>
    /// <param name="key">The key, or its text.</param>
    /// <param name="cancellationToken">Stops waiting. The key may be removed all the same.</param>
    /// <returns>False when it is not there.</returns>
    /// <remarks>A key that its source still yields comes back with the next reading.</remarks>
    /// <exception cref="ArgumentException">The task has no keys, or the key has no text.</exception>
    /// <exception cref="KeyNotFoundException">No member of the cluster has this task.</exception>
    /// <exception cref="TimeoutException">No host owned the shard of the key, or its owner has not replied.</exception>
    Task<bool> RemoveAsync(string task, object key, CancellationToken cancellationToken = default);

    /// <summary>Reads from the store who owns which shard since when, and why it moved last.</summary>
    /// <param name="task">The name of a task; null: of all tasks.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>One for each shard that was ever owned, ordered by task and index; none for an unknown task.</returns>
    /// <remarks>Throws what the store throws, for instance when it is down.</remarks>
    Task<IReadOnlyList<ClusterShard>> QueryShardsAsync(string? task = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Hands all loops of this host over to other hosts, and takes none, until <see cref="RejoinAsync"/> is called or the host
    /// restarts. A host that stops does this by itself.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting. The host drains all the same.</param>
    /// <returns>A task that completes when no loop of the cluster runs here any more.</returns>
    /// <exception cref="OperationCanceledException">
    /// The wait was cancelled, or <see cref="RejoinAsync"/> was called before the host was drained.
    /// </exception>
    Task DrainAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends what <see cref="DrainAsync"/> began: this host takes loops again. Without effect when the host stops.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task RejoinAsync(CancellationToken cancellationToken = default);
}
