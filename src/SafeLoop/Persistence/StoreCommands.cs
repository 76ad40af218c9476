using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Sends the commands of this host to the store, and executes those of others.</summary>
internal sealed class StoreCommands(StoreClient client, Func<RecurringTasks?> tasks)
{
    // While the store is down, the pauses of a day fit; older ones are dropped.
    private const int MostWaiting = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<(StoreCommand Command, TaskCompletionSource Sent)> _waiting = [];
    private DateTimeOffset? _since;
    private long _last;

    /// <summary>The number of the last command that this host knows.</summary>
    public long Last => _last;

    public void Add(StoreCommand command)
    {
        lock (_gate)
        {
            if (_waiting.Count == MostWaiting)
                _waiting.Dequeue().Sent.SetResult();
            _waiting.Enqueue((command, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }
    }

    /// <summary>Completes when the commands that wait now have been sent.</summary>
    public Task WhenSentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _waiting.Count == 0 ? Task.CompletedTask : _waiting.Last().Sent.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask SendAllAsync(CancellationToken cancellationToken)
    {
        while (First() is { } next)
        {
            var command = next.Command with { Instance = client.Instance.Id };
            await client.RunAsync((store, token) => store.AddCommandAsync(command, token), cancellationToken)
                .ConfigureAwait(false);
            lock (_gate)
            {
                if (_waiting.TryPeek(out var first) && first == next)
                    _waiting.Dequeue();
            }
            next.Sent.TrySetResult();
        }
    }

    /// <summary>Executes the commands that have come from the store.</summary>
    public async ValueTask ExecuteAsync(StorePulse pulse, CancellationToken cancellationToken)
    {
        _since ??= pulse.Now; // what was requested before is in the states that were loaded
        foreach (var command in pulse.Commands)
        {
            if (command.Kind is StoreCommandKind.RunNow)
                await TryRunAsync(command, cancellationToken).ConfigureAwait(false);
            else if (command.Instance != client.Instance.Id && command.Given >= _since)
                Execute(command);
            _last = Math.Max(_last, command.Number);
        }
    }

    private void Execute(StoreCommand command)
    {
        if (command.Key is not null)
            return; // keys are paused by the host that has them
        switch (tasks()?.FindEntered(command.TaskName), command.Kind)
        {
            case (TaskLoop task, StoreCommandKind.Pause):
                task.PauseWith(ToPause(command), isFromStore: true);
                break;
            case (TaskLoop task, StoreCommandKind.Resume):
                task.Resume(isFromStore: true);
                break;
            case (TaskLoop task, StoreCommandKind.Stop):
                task.Stop(command.Reason);
                break;
            case (TaskLoop task, StoreCommandKind.Start):
                task.Start();
                break;
            case (KeyedLoops keyed, StoreCommandKind.Pause):
                keyed.PauseWith(ToPause(command), isFromStore: true);
                break;
            case (KeyedLoops keyed, StoreCommandKind.Resume):
                keyed.ResumeAll(isFromStore: true);
                break;
        }
    }

    private async ValueTask TryRunAsync(StoreCommand command, CancellationToken cancellationToken)
    {
        if (command.Key is not null || tasks()?.FindEntered(command.TaskName) is not TaskLoop task)
            return;
        var isOurs = await client.CallAsync(
            (store, token) => store.TryTakeCommandAsync(command.Id, client.Instance.Id, token), cancellationToken)
            .ConfigureAwait(false);
        if (isOurs)
            _ = RunAsync(task, command, cancellationToken); // the worker must not wait for the run
    }

    private async Task RunAsync(TaskLoop task, StoreCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var record = await task.RunNowAsync(CancellationToken.None).ConfigureAwait(false); // no token of a request
            var result = record.Reason is OutcomeReason.None ? $"{record.Outcome}" : $"{record.Outcome} ({record.Reason})";
            await client.RunAsync(
                (store, token) => store.CompleteCommandAsync(command.Id, client.Instance.Id, result, token), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception error) // the store is user code; the run itself has its own record
        {
            client.Report(error);
        }
    }

    private (StoreCommand Command, TaskCompletionSource Sent)? First()
    {
        lock (_gate)
            return _waiting.TryPeek(out var first) ? first : null;
    }

    private static TaskPause ToPause(StoreCommand command) => new()
    {
        Reason = command.Reason ?? TaskPause.ByHand,
        By = command.By,
        Since = command.Given,
        Until = command.Until,
    };
}
