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
        ArgumentNullException.ThrowIfNull(opening);
        ArgumentOutOfRangeException.ThrowIfLessThan(opening.Epoch, 1);
        await SwitchThread();
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
    public async Task<byte[]?> CloseAsync(
        string task, KeyShard shard, TimeSpan drainFor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drainFor, TimeSpan.Zero);
        await SwitchThread();
        return Find(task) is KeyedLoops keyed
            ? await keyed.Shards.CloseAsync(shard, drainFor, cancellationToken).ConfigureAwait(false)
            : await ShardOf(task).CloseAsync(drainFor, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShardProgress> ReadProgress() =>
    [
        .. tasks.All.OfType<KeyedLoops>().Where(keyed => keyed.IsInCluster).SelectMany(keyed => keyed.Shards.ReadProgress()),
        .. _ordinary.Values.Select(static shard => shard.ReadProgress()).OfType<ShardProgress>(),
    ];

    /// <inheritdoc/>
    public byte[] WriteExceptions(string task, KeyShard shard) =>
        Find(task) is KeyedLoops keyed ? keyed.Shards.WriteExceptions(shard) : ShardOf(task).WriteExceptions();

    // Observers, schedules of keys and their texts are user code, which must not block the renewal of the lease.
    private DispatchAwaiter SwitchThread() => new(environment.Pacemaker);

    private TaskGroup Find(string task) =>
        tasks.FindEntered(task) is { Task.Options.InCluster: true } found ? found
            : throw new ArgumentException($"This host has no recurring task '{task}' in a cluster.", nameof(task));

    private TaskShard ShardOf(string task) => _ordinary.GetOrAdd((TaskLoop)Find(task), static task => new(task));

    private void ReadKeys(KeyedLoops keyed, OpenShard open)
    {
        if (tasks.FindEntered(RecurringTaskBuilder.ReaderOf(keyed.Name)) is not TaskLoop reader)
            keyed.Shards.OnRead(open); // all its keys are added by hand
        else if (_readings.TryAdd(keyed, 1))
            environment.Pacemaker.Dispatch(new WorkItem(() => ReadKeys(keyed, reader))); // one for all that are opened together
    }

    // When the reader is already running, this run is skipped. Nothing is lost: it goes on while a shard is unread.
    private void ReadKeys(KeyedLoops keyed, TaskLoop reader)
    {
        _readings.TryRemove(keyed, out _);
        keyed.Shards.RequestRead();
        _ = RunAsync(reader);
    }

    private static async Task RunAsync(TaskLoop reader)
    {
        Task run = reader.RunNowAsync(CancellationToken.None); // its outcome is recorded
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
