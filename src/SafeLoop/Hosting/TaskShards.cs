using System.Collections.Concurrent;

namespace SafeLoop;

internal sealed class TaskShards(RecurringTasks tasks, LoopEnvironment environment) : IRecurringTaskShards
{
    private readonly ConcurrentDictionary<TaskLoop, TaskShard> _ordinary = new();
    private readonly ConcurrentDictionary<KeyedLoops, int> _readings = new(); // 1: a reading of keys was requested

    /// <inheritdoc/>
    public IReadOnlyList<ClusterTask> Tasks =>
    [
        .. tasks.All.Where(task => task.Task.Options.InCluster)
            .Select(task => new ClusterTask(task.Name, task is KeyedLoops, task.Task.Options.ScheduleText)),
    ];

    /// <inheritdoc/>
    public ShardLease CreateLease(TimeSpan length) => new(environment.Pacemaker, length);

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Task<byte[]?> CloseAsync(string task, KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken) =>
        Find(task) is KeyedLoops keyed
            ? keyed.Shards.CloseAsync(shard, drainFor, cancellationToken)
            : ShardOf(task).CloseAsync(drainFor, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<ShardProgress> ReadProgress() =>
    [
        .. tasks.All.OfType<KeyedLoops>().Where(keyed => keyed.IsInCluster).SelectMany(keyed => keyed.Shards.ReadProgress()),
        .. _ordinary.Values.Select(static shard => shard.ReadProgress()).OfType<ShardProgress>(),
    ];

    /// <inheritdoc/>
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
