namespace SafeLoop;

/// <summary>
/// Finds, adds and removes loops by the text of their keys. The package SafeLoop.Orleans uses it on the owner of a loop for
/// what was called on another host.
/// </summary>
/// <remarks>
/// Thread-safe. A loop may move at any time, and its handle then ends with <see cref="LoopEnd.Moved"/>. Where a text cannot be
/// parsed as key, it is compared with that of each key.
/// </remarks>
internal sealed class LoopsByText(RecurringTasks tasks)
{
    /// <summary>True when the shard of a loop is open on this host.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The exact text of the key, as <see cref="KeyShard"/> reads it; null for an ordinary task.</param>
    /// <exception cref="ArgumentException">
    /// This host has no such task in a cluster, or it has keys and none was given, or the other way round.
    /// </exception>
    public bool IsOwner(string task, string? key) => FindTask(task, key) switch
    {
        KeyedLoops keyed => keyed.Shards.Find(key!) is not null,
        var ordinary => ordinary is TaskLoop { IsElsewhere: false },
    };

    /// <summary>True when all keys of the shard are known: their source was read since the shard was opened here.</summary>
    /// <inheritdoc cref="IsOwner"/>
    public bool IsRead(string task, string? key) =>
        FindTask(task, key) is not KeyedLoops keyed || keyed.Shards.Find(key!) is { Arrivals.IsRead: true };

    /// <summary>Finds the handle of a loop. Reading the handle keeps no memory.</summary>
    /// <returns>Null when this host has no such key, or its loop has not started.</returns>
    /// <exception cref="InvalidOperationException">Two keys have this text.</exception>
    /// <inheritdoc cref="IsOwner"/>
    public RecurringTaskHandle? Find(string task, string? key)
    {
        var group = FindTask(task, key);
        return group is KeyedLoops keyed ? FindKey(keyed, key!) is { } found ? keyed.HandleOf(found) : null : group.Handle;
    }

    /// <summary>Adds a key, as <see cref="IRecurringTaskKeys{TTask, TKey}.TryAdd"/> does.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The exact text of the key.</param>
    /// <returns>False when it is there already.</returns>
    /// <exception cref="ArgumentException">This host has no such task in a cluster, or it has no keys.</exception>
    /// <exception cref="InvalidOperationException">
    /// The shard of the key is not open here, or keys of this type cannot be read from their text.
    /// </exception>
    public bool TryAdd(string task, string key) => ((KeyedLoops)FindTask(task, key)).TryAddByText(key);

    /// <summary>Removes a key, as <see cref="IRecurringTaskKeys{TTask, TKey}.TryRemove"/> does.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The exact text of the key.</param>
    /// <returns>False when this host has no such key.</returns>
    /// <exception cref="ArgumentException">This host has no such task in a cluster, or it has no keys.</exception>
    /// <exception cref="InvalidOperationException">Two keys have this text.</exception>
    public bool TryRemove(string task, string key)
    {
        var keyed = (KeyedLoops)FindTask(task, key);
        return FindKey(keyed, key) is { } found && keyed.TryRemove(found.Id);
    }

    private TaskGroup FindTask(string name, string? key) => (tasks.FindEntered(name), key) switch
    {
        (null or { Task.Options.InCluster: false }, _) =>
            throw new ArgumentException($"This host has no recurring task '{name}' in a cluster.", nameof(name)),
        (KeyedLoops { Name: var keyed }, null) =>
            throw new ArgumentException($"Recurring task '{keyed}' has a loop per key. Give the text of a key.", nameof(key)),
        (TaskLoop { Name: var ordinary }, not null) =>
            throw new ArgumentException($"Recurring task '{ordinary}' has no keys. Do not give one.", nameof(key)),
        var (found, _) => found,
    };

    private static IKeyed? FindKey(KeyedLoops keyed, string text) => keyed.FindByText(text) switch
    {
        [] => null,
        [var found] => found,
        _ => throw new InvalidOperationException(
            $"Two keys of recurring task '{keyed.Name}' have the text '{LoopName.FormatKey(text)}'. Give each its own text."),
    };
}
