using System.Collections.Concurrent;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Loads what is stored of the tasks, and lets their loops begin then.</summary>
/// <param name="session">Receives what was loaded.</param>
/// <param name="client">Calls the store.</param>
/// <param name="wakeWorker">Called when a task is to be loaded.</param>
/// <remarks>Thread-safe, but for the loading, which the worker of the store does.</remarks>
internal sealed class TaskLoads(StoreSession session, StoreClient client, Action wakeWorker)
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.OrdinalIgnoreCase); // true: loaded
    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.OrdinalIgnoreCase); // their options
    private volatile bool _hasRemoved;

    /// <summary>True when what is stored of a task has been loaded. Otherwise it is loaded from now on.</summary>
    public bool HasLoaded(string task)
    {
        if (_names.TryGetValue(task, out var isLoaded))
            return isLoaded;
        if (_names.TryAdd(task, false))
            wakeWorker();
        return false;
    }

    /// <summary>Loads all tasks that are there now by one call. What is added later is loaded when it is to begin.</summary>
    public void AddAll(RecurringTasks tasks)
    {
        foreach (var task in tasks.All)
            _names.TryAdd(task.Name, false);
    }

    /// <summary>Sends the schedule and the fingerprint of a task again.</summary>
    public void OnOptionsChanged(string task)
    {
        if (_names.TryGetValue(task, out var isLoaded) && isLoaded && _changed.TryAdd(task, true))
            wakeWorker();
    }

    /// <summary>Loads the task again when it is added again.</summary>
    public void OnRemoved(string task)
    {
        _hasRemoved = true;
        _names.TryRemove(task, out _);
    }

    /// <summary>Loads what is to be loaded.</summary>
    /// <param name="tasks">The tasks of this host.</param>
    /// <param name="saveAllAsync">Saves what a task that was removed has left behind.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async ValueTask LoadAsync(
        RecurringTasks tasks, Func<CancellationToken, ValueTask> saveAllAsync, CancellationToken cancellationToken)
    {
        var groups = _names.Where(name => !name.Value).Select(name => tasks.FindEntered(name.Key)).OfType<TaskGroup>().ToList();
        if (groups.Count == 0)
            return;
        await session.Commands.OnLoadingAsync(cancellationToken).ConfigureAwait(false);
        if (_hasRemoved)
        {
            // A task that was removed and added again loads what it has left behind. The first call adds those that are new.
            await LoadAsync(groups, cancellationToken).ConfigureAwait(false);
            await saveAllAsync(cancellationToken).ConfigureAwait(false);
            _hasRemoved = false;
        }
        var loops = await LoadAsync(groups, cancellationToken).ConfigureAwait(false);
        foreach (var loop in loops)
        {
            // First, because whether the stored schedule goes on is judged by the options in force.
            if (loop is { Key: null, Change: { } change } && tasks.FindEntered(loop.TaskName) is TaskLoop task)
                task.RestoreChange(change);
            session.AddLoaded(loop);
        }
        foreach (var group in groups)
        {
            _names[group.Name] = true;
            if (group is TaskLoop { StoredChange: not null })
                OnOptionsChanged(group.Name);
            group.Begin();
        }
    }

    /// <summary>Sends tasks whose options have changed. Slots that are claimed from then on have the new schedule.</summary>
    public async ValueTask SendChangedAsync(RecurringTasks tasks, CancellationToken cancellationToken)
    {
        var names = _changed.Keys.ToList();
        var groups = names.Select(name => tasks.FindEntered(name)).OfType<TaskGroup>().ToList();
        if (names.Count == 0)
            return;
        foreach (var name in names)
            _changed.TryRemove(name, out _); // before the options are read: a later change is sent again
        var isSent = false;
        try
        {
            await LoadAsync(groups, cancellationToken).ConfigureAwait(false);
            isSent = true;
        }
        finally
        {
            foreach (var name in isSent ? [] : names)
                _changed.TryAdd(name, true);
        }
    }

    private ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(List<TaskGroup> groups, CancellationToken cancellationToken)
    {
        var tasks = groups.ConvertAll(group => new StoredTask
        {
            Name = group.Name,
            FormerName = group.Task.Options.FormerName,
            IsKeyed = group is not TaskLoop,
            Fingerprint = (group as TaskLoop)?.Fingerprint,
            Schedule = group.Task.Options.ScheduleText,
        });
        return client.CallAsync((store, token) => store.LoadAsync(tasks, token), cancellationToken);
    }
}
