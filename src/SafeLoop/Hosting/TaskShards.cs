using System.Collections.Concurrent;

namespace SafeLoop;

/// <summary>
/// The shards of the tasks of this host, for the coordinator of a cluster: opens and closes them, and reads how far they are.
/// </summary>
/// <remarks>Thread-safe. The loss of a lease needs no call: the shards notice it themselves.</remarks>
internal sealed class TaskShards(RecurringTasks tasks, LoopEnvironment environment)
{
    private readonly ConcurrentDictionary<TaskLoop, TaskShard> _ordinary = new();
    private readonly ConcurrentDictionary<KeyedLoops, int> _readings = new(); // 1: a reading of keys was requested

    /// <summary>The tasks of this host that are in the cluster.</summary>
    public IReadOnlyList<TaskInCluster> Tasks =>
    [
        .. tasks.All.Where(task => task.Task.Options.InCluster)
            .Select(task => new TaskInCluster(task.Name, task is KeyedLoops, task.Task.Options.ScheduleText)),
    ];

    /// <summary>Creates the lease of this host. It counts from now, so create it before you ask the store for it.</summary>
    /// <param name="length">How long the store keeps it after each renewal; positive.</param>
    public ShardLease CreateLease(TimeSpan length) => new(environment.Pacemaker, length);

    /// <summary>Opens a shard, whose loops run on this host from now on.</summary>
    /// <exception cref="ArgumentException">There is no such task in the cluster, or its shards are others.</exception>
    /// <exception cref="InvalidOperationException">The shard is open, its lease has ended, or the host stops.</exception>
    public async Task OpenAsync(ShardOpening opening, CancellationToken cancellationToken)
    {
        if (Find(opening.TaskName) is KeyedLoops keyed)
        {
            var open = await keyed.Shards.OpenAsync(opening, cancellationToken).ConfigureAwait(false);
            ReadKeys(keyed, open);
        }
        else
        {
            ShardOf(opening.TaskName).Open(opening);
        }
    }

    /// <summary>Closes a shard: no iteration starts any more, and running ones may drain.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="drainFor">How long running iterations may go on before they are cancelled.</param>
    /// <param name="cancellationToken">Cancelled: does not wait for iterations that still run.</param>
    /// <returns>The state of its loops for the next owner; null: it begins at the watermark.</returns>
    /// <exception cref="ArgumentException">There is no such task in the cluster.</exception>
    /// <exception cref="InvalidOperationException">The shard is not open.</exception>
    public Task<byte[]?> CloseAsync(string task, KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken) =>
        Find(task) is KeyedLoops keyed
            ? keyed.Shards.CloseAsync(shard, drainFor, cancellationToken)
            : ShardOf(task).CloseAsync(drainFor, cancellationToken);

    /// <summary>Reads how far all open shards have come. Call it from one thread at a time.</summary>
    public IReadOnlyList<ShardProgress> ReadProgress() =>
    [
        .. tasks.All.OfType<KeyedLoops>().Where(keyed => keyed.IsInCluster).SelectMany(keyed => keyed.Shards.ReadProgress()),
        .. _ordinary.Values.Select(static shard => shard.ReadProgress()).OfType<ShardProgress>(),
    ];

    /// <summary>Writes the keys of a shard that have ended, are paused or were added by hand, for its durable row.</summary>
    public byte[] WriteExceptions(string task, KeyShard shard) =>
        Find(task) is KeyedLoops keyed ? keyed.Shards.WriteExceptions(shard) : ShardOf(task).WriteExceptions();

    private TaskGroup Find(string task) =>
        tasks.FindEntered(task) is { Task.Options.InCluster: true } found ? found
            : throw new ArgumentException($"This host has no recurring task '{task}' in a cluster.", nameof(task));

    private TaskShard ShardOf(string task) => _ordinary.GetOrAdd((TaskLoop)Find(task), static task => new(task));

    private void ReadKeys(KeyedLoops keyed, OpenShard open)
    {
        if (tasks.FindEntered(RecurringTaskBuilder.ReaderOf(keyed.Name)) is not TaskLoop reader)
            open.Arrivals.MarkRead(); // all its keys are added by hand
        else if (_readings.TryAdd(keyed, 1))
            _ = ReadKeysAsync(keyed, reader); // one for all shards that are opened together
    }

    // When the reader is already running, this run is skipped. Nothing is lost: it runs again while a shard is unread.
    private async Task ReadKeysAsync(KeyedLoops keyed, TaskLoop reader)
    {
        await Task.Yield();
        _readings.TryRemove(keyed, out _);
        Task run = reader.RunNowAsync(CancellationToken.None);
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
