namespace SafeLoop;

/// <summary>Erases keys: first what this host has not saved, then what is stored, and then by a command on other hosts.</summary>
/// <param name="client">Calls the store.</param>
/// <param name="tasks">Finds the tasks of this host.</param>
/// <param name="drop">Drops what is not saved yet of a task's key. Called by the worker of the store.</param>
/// <param name="wakeWorker">Called when a key is to be erased.</param>
internal sealed class KeyErasures(
    StoreClient client, Func<RecurringTasks?> tasks, Action<string, string> drop, Action wakeWorker)
{
    // Longer than an outage that a host should survive; then the store deletes the text of the key.
    private static readonly TimeSpan CommandKept = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Queue<(TaskCommand Command, TaskCompletionSource Done)> _waiting = [];
    private bool _isClosed;

    /// <summary>Erases a key. Completes when the store has deleted it.</summary>
    /// <exception cref="InvalidOperationException">The host has stopped.</exception>
    public Task EraseAsync(string task, string key, CancellationToken cancellationToken)
    {
        var command = new TaskCommand
        {
            TaskName = task,
            Key = key,
            Kind = TaskCommandKind.Erase,
            ExpiresAfter = CommandKept,
            Instance = client.Instance.Id,
        };
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isClosed)
                throw NotErased(task);
            _waiting.Enqueue((command, done));
        }
        wakeWorker();
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Erases the keys that wait.</summary>
    public async ValueTask EraseAllAsync(CancellationToken cancellationToken)
    {
        while (First() is { } next)
        {
            var command = next.Command;
            // First: another host that writes meanwhile erases what it has written when it reads the command.
            await client.CallAsync((store, token) => store.AddCommandAsync(command, token), cancellationToken)
                .ConfigureAwait(false);
            await EraseAsync(command, cancellationToken).ConfigureAwait(false);
            lock (_gate)
                _waiting.TryDequeue(out _);
            next.Done.TrySetResult();
        }
    }

    /// <summary>Called when the host has stopped: nothing is erased any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_waiting.TryDequeue(out var waiting))
            {
                waiting.Done.TrySetException(NotErased(waiting.Command.TaskName));
                _ = waiting.Done.Task.Exception; // observed: its caller may have given up
            }
        }
    }

    /// <summary>Erases the key of a command.</summary>
    public async ValueTask EraseAsync(TaskCommand command, CancellationToken cancellationToken)
    {
        var (task, key) = (command.TaskName, command.Key!);
        (tasks()?.FindEntered(task) as KeyedLoops)?.EraseRecords(key);
        drop(task, key);
        await client.RunAsync((store, token) => store.EraseAsync(task, key, token), cancellationToken).ConfigureAwait(false);
    }

    private static InvalidOperationException NotErased(string task) => new(
        $"The key of task '{Printable.Escape(task)}' was not erased, because this host has stopped. Erase it on a host that is "
        + "running.");

    private (TaskCommand Command, TaskCompletionSource Done)? First()
    {
        lock (_gate)
            return _waiting.TryPeek(out var first) ? first : null;
    }
}
