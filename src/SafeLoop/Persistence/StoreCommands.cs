using System.Globalization;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Sends the commands of this host to the store, executes those of others, and sends their results.</summary>
/// <param name="client">Calls the store.</param>
/// <param name="executor">Executes commands on this host.</param>
/// <param name="erasures">Erases keys on this host.</param>
/// <param name="wakeWorker">Called when a result is to be sent.</param>
internal sealed class StoreCommands(
    StoreClient client, CommandExecutor executor, KeyErasures erasures, Action wakeWorker)
{
    // Room for the pauses of a day while the store is down; older ones are dropped.
    private const int MostWaiting = 1_000;

    private const string HostStopped = "this host has stopped. Repeat it on a host that is running.";

    private readonly Lock _gate = new();
    private readonly Queue<(TaskCommand Command, TaskCompletionSource Sent)> _waiting = [];
    private readonly Queue<(Guid Command, TaskCommandResult Result)> _results = [];
    private readonly HashSet<Task> _runs = [];
    private long? _lastBeforeLoad;
    private long _last;
    private bool _isClosed;

    /// <summary>The number of the last command that this host knows.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Adds a command that this host has executed, for the other hosts and for the log.</summary>
    public void Add(TaskCommand command)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (_waiting.Count == MostWaiting)
                Fail(_waiting.Dequeue(), string.Create(CultureInfo.InvariantCulture,
                    $"the store is down and {MostWaiting:N0} later commands wait. Repeat it when the store is back."));
            _waiting.Enqueue((command, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }
    }

    /// <summary>Completes when the commands that wait now have been sent.</summary>
    /// <exception cref="InvalidOperationException">The host has stopped before the store had them.</exception>
    public Task WhenSentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _isClosed ? Task.FromException(new InvalidOperationException($"It was not stored, because {HostStopped}"))
                : _waiting.Count == 0 ? Task.CompletedTask
                : _waiting.Last().Sent.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Called when the host has stopped: nothing is sent any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_waiting.TryDequeue(out var waiting))
                Fail(waiting, HostStopped);
        }
    }

    public async ValueTask SendAllAsync(CancellationToken cancellationToken)
    {
        while (First(_waiting) is { } next)
        {
            var command = next.Command with { Instance = client.Instance.Id };
            if (await client.CallAsync((store, token) => store.AddCommandAsync(command, token), cancellationToken)
                .ConfigureAwait(false))
                AddResult(command, command.Instance, new(CommandExecutor.TextOf(command.Kind), IsExecuted: true));
            Remove(_waiting, next);
            next.Sent.TrySetResult();
        }
    }

    public async ValueTask SendResultsAsync(CancellationToken cancellationToken)
    {
        while (First(_results) is { } next)
        {
            await client.RunAsync(
                (store, token) => store.CompleteCommandAsync(next.Command, next.Result, token), cancellationToken)
                .ConfigureAwait(false);
            Remove(_results, next);
        }
    }

    /// <summary>Sends what is left when the loops have ended.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        Task[] runs;
        lock (_gate)
            runs = [.. _runs];
        await Task.WhenAll(runs).WaitAsync(cancellationToken).ConfigureAwait(false);
        await SendAllAsync(cancellationToken).ConfigureAwait(false);
        await SendResultsAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads the number of the last command before what is stored is loaded. Those up to it are in the states that are loaded,
    /// and later ones may not be.
    /// </summary>
    public async ValueTask OnLoadingAsync(CancellationToken cancellationToken)
    {
        if (_lastBeforeLoad is not null)
            return;
        var newest = await client.CallAsync(
            static (store, token) => store.QueryCommandsAsync(new() { PageSize = 1 }, token), cancellationToken)
            .ConfigureAwait(false);
        _lastBeforeLoad = newest.Commands is [var last, ..] ? last.Command.Number : 0;
    }

    /// <summary>Executes the commands that have come from the store.</summary>
    public async ValueTask ExecuteAsync(HeartbeatResult heartbeat, CancellationToken cancellationToken)
    {
        foreach (var command in heartbeat.Commands)
        {
            var instance = client.Instance.Id;
            if (command.Number <= _last)
                continue; // this heartbeat was sent while the commands of the previous one were executed
            if (command.Kind is TaskCommandKind.RunNow && executor.IsStarting(command))
                return; // the next heartbeat reads it again
            if (command.Kind is TaskCommandKind.RunNow)
                await TryRunAsync(command, instance, cancellationToken).ConfigureAwait(false);
            else if (command is { Kind: TaskCommandKind.Erase, Key: not null } && IsNew(command))
                await EraseAsync(command, instance, cancellationToken).ConfigureAwait(false);
            else if (IsTooLate(command, heartbeat.Now))
                AddResult(command, instance, new("too late", IsExecuted: false));
            else if (command.Instance != instance && (IsNew(command) || IsUndecided(command, heartbeat.Now)))
                AddResult(command, instance, executor.Execute(command, isFromStore: true));
            Volatile.Write(ref _last, command.Number);
        }
    }

    private bool IsNew(TaskCommand command) => command.Number > _lastBeforeLoad;

    // It is meant for the iteration of that time.
    private static bool IsTooLate(TaskCommand command, DateTimeOffset now) =>
        command.Kind is TaskCommandKind.Cancel && HasExpired(command, now);

    // No host has decided yet whether its task can use the change, so the state that was loaded does not have it.
    private static bool IsUndecided(TaskCommand command, DateTimeOffset now) =>
        command is { Kind: TaskCommandKind.Change, Options: not null, Fingerprint: null } && !HasExpired(command, now);

    private static bool HasExpired(TaskCommand command, DateTimeOffset now) => now - command.Sent >= command.ExpiresAfter;

    private async ValueTask EraseAsync(TaskCommand command, Guid instance, CancellationToken cancellationToken)
    {
        if (command.Instance != instance)
            await erasures.EraseAsync(command, cancellationToken).ConfigureAwait(false);
        AddResult(command, instance, new("erased", IsExecuted: true));
    }

    private async ValueTask TryRunAsync(TaskCommand command, Guid instance, CancellationToken cancellationToken)
    {
        if (executor.FindLoop(command, out var refusal) is not { } loop)
        {
            AddResult(command, instance, refusal);
            return;
        }
        // Before the run: after a crash no other host runs it again, and the store records that this host was lost.
        var isOurs = await client.CallAsync(
            (store, token) => store.TryTakeCommandAsync(command.Id, instance, token), cancellationToken)
            .ConfigureAwait(false);
        if (!isOurs)
            return;
        // The worker must not wait for the run.
        var run = CommandExecutor.RunAsync(loop, answer => AddResult(command, instance, answer));
        if (run.IsCompleted)
            return;
        lock (_gate)
            _runs.Add(run);
        _ = run.ContinueWith(EndRun, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void EndRun(Task run)
    {
        lock (_gate)
            _runs.Remove(run);
    }

    private void AddResult(TaskCommand command, Guid instance, CommandAnswer answer)
    {
        var result = new TaskCommandResult { Instance = instance, IsExecuted = answer.IsExecuted, Text = answer.Text };
        lock (_gate)
            _results.Enqueue((command.Id, result));
        wakeWorker();
    }

    private static void Fail((TaskCommand Command, TaskCompletionSource Sent) waiting, string why)
    {
        var (command, sent) = waiting;
        sent.TrySetException(new InvalidOperationException(
            $"{command.Kind} of task '{command.TaskName}' was not stored and reached no other host, because {why}"));
        _ = sent.Task.Exception; // observed: often no caller waits
    }

    private T? First<T>(Queue<T> queue)
        where T : struct
    {
        lock (_gate)
            return queue.TryPeek(out var first) ? first : null;
    }

    // Others add only at the end, or drop the first.
    private void Remove<T>(Queue<T> queue, T sent)
        where T : struct
    {
        lock (_gate)
        {
            if (queue.TryPeek(out var first) && first.Equals(sent))
                queue.Dequeue();
        }
    }
}
