namespace SafeLoop;

/// <summary>Executes commands on the tasks of this host.</summary>
/// <param name="tasks">The tasks; null before the host has started.</param>
/// <param name="keysOf">Finds what is stored of the keys of a task; null: there is no store.</param>
internal sealed class CommandExecutor(Func<RecurringTasks?> tasks, Func<string, StoredKeys>? keysOf = null)
{
    /// <summary>The result of a command that was executed, in a word.</summary>
    public static string TextOf(TaskCommandKind kind) => kind switch
    {
        TaskCommandKind.Pause => "paused",
        TaskCommandKind.Resume => "resumed",
        TaskCommandKind.Stop => "stopped",
        TaskCommandKind.Start => "started",
        TaskCommandKind.Change => "changed",
        _ => "executed",
    };

    /// <summary>The result of cancelling what is running.</summary>
    private static CommandAnswer Cancelled(int count) =>
        new(count == 0 ? "nothing was running" : "cancelled", IsExecuted: true);

    /// <summary>Executes a command of any kind but a run.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isFromStore">True: the other hosts have it already.</param>
    public CommandAnswer Execute(TaskCommand command, bool isFromStore)
    {
        if (tasks()?.FindEntered(command.TaskName) is KeyedLoops all)
        {
            if (command.Key is null)
                return ExecuteOnAllKeys(all, command, isFromStore);
            if (command.Kind is TaskCommandKind.Change)
                return new(TaskCommandResult.KeyedOptions, IsExecuted: false);
            if (command.Kind is TaskCommandKind.Pause or TaskCommandKind.Resume or TaskCommandKind.Start
                or TaskCommandKind.Cancel)
                return ExecuteOnKey(all, command.Key, command, isFromStore);
        }
        if (FindLoop(command, out var refusal) is not { } loop)
            return refusal;
        switch (command.Kind)
        {
            case TaskCommandKind.Pause:
                loop.PauseWith(ToPause(command), isFromStore);
                break;
            case TaskCommandKind.Resume:
                loop.Resume(ToResumption(command), isFromStore);
                break;
            case TaskCommandKind.Stop:
                loop.Stop(command.Reason);
                break;
            case TaskCommandKind.Start:
                loop.Start();
                break;
            case TaskCommandKind.Cancel:
                return Cancelled(loop.CancelRunning());
            case TaskCommandKind.Change:
                if (loop.ApplyChange(ToChange(command)) is { } why)
                    return new($"rejected: {why}", IsExecuted: false);
                break;
            default:
                return RefuseUnknown(command);
        }
        return new(TextOf(command.Kind), IsExecuted: true);
    }

    /// <summary>Finds the loop of a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="refusal">Why there is none.</param>
    public TaskLoop? FindLoop(TaskCommand command, out CommandAnswer refusal)
    {
        var group = tasks()?.FindEntered(command.TaskName);
        refusal = (group, command.Key) switch
        {
            (KeyedLoops, null) => RefuseWithoutKey(command),
            (KeyedLoops, _) => new(TaskCommandResult.NoKey, IsExecuted: false),
            (TaskLoop, not null) => new(TaskCommandResult.HasNoKeys, IsExecuted: false),
            _ => new(TaskCommandResult.NoTask, IsExecuted: false),
        };
        var loop = group switch
        {
            TaskLoop own => command.Key is null ? own : null,
            KeyedLoops all when command.Key is { } key => all.FindByText(key) is [var one] ? all.Pin(one.Id) : null,
            _ => null,
        };
        if (loop is { IsElsewhere: true } && command.Kind is not TaskCommandKind.Change)
        {
            refusal = new("another host of the cluster runs it", IsExecuted: false);
            return null;
        }
        if (loop is null || command.Kind is not TaskCommandKind.RunNow || loop.Task.Options.Enabled)
            return loop;
        refusal = new("disabled", IsExecuted: false); // another host may have it enabled
        return null;
    }

    /// <summary>True when the task of a command cannot run yet, because this host is only starting.</summary>
    public bool IsStarting(TaskCommand command) => tasks()?.FindEntered(command.TaskName) switch
    {
        TaskLoop loop => !loop.Loop.IsStarted,
        KeyedLoops all => !all.HasStarted,
        _ => false,
    };

    /// <summary>Runs an iteration now.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="ended">Called once, with the result.</param>
    public static async Task RunAsync(TaskLoop loop, Action<CommandAnswer> ended)
    {
        var run = new ManualRun(record => ended(new(
            record.Reason is OutcomeReason.None ? $"{record.Outcome}" : $"{record.Outcome} ({record.Reason})",
            IsExecuted: true)));
        try
        {
            await loop.RunAsync(run, CancellationToken.None).ConfigureAwait(false); // no token of a request
        }
        catch (InvalidOperationException error) // the host has not started
        {
            ended(new(error.Message, IsExecuted: false));
        }
    }

    private static CommandAnswer ExecuteOnAllKeys(KeyedLoops all, TaskCommand command, bool isFromStore)
    {
        switch (command.Kind)
        {
            case TaskCommandKind.Pause:
                all.PauseWith(ToPause(command), isFromStore);
                break;
            case TaskCommandKind.Resume:
                all.ResumeAll(ToResumption(command), isFromStore);
                break;
            case TaskCommandKind.Cancel:
                return Cancelled(all.CancelRunning());
            case TaskCommandKind.Change:
                return new(TaskCommandResult.KeyedOptions, IsExecuted: false);
            default:
                return RefuseWithoutKey(command);
        }
        return new(TextOf(command.Kind), IsExecuted: true);
    }

    private CommandAnswer ExecuteOnKey(KeyedLoops all, string key, TaskCommand command, bool isFromStore)
    {
        var (pause, found) = (command.Kind is TaskCommandKind.Pause ? ToPause(command) : null, all.FindByText(key));
        if (found.Count == 0)
        {
            if (isFromStore && command.Kind is (TaskCommandKind.Pause or TaskCommandKind.Resume))
                keysOf?.Invoke(all.Name).SetPause(key, pause); // for when the key is added
            foreach (var added in all.FindByText(key)) // it may have been added meanwhile
                all.Restore(added);
            return new(TaskCommandResult.NoKey, IsExecuted: false);
        }
        if (found.Count > 1)
        {
            keysOf?.Invoke(all.Name).ReportAmbiguous(key);
            return new("two keys have this text", IsExecuted: false);
        }
        if (command.Kind is TaskCommandKind.Cancel)
            return Cancelled(all.CancelRunning(found[0].Id));
        var control = new KeyControl(all, found[0]);
        if (command.Kind is TaskCommandKind.Start)
            control.Start();
        else if (isFromStore)
            all.PauseKey(found[0], pause, ToResumption(command));
        else if (pause is not null)
            control.PauseWith(pause);
        else
            control.Resume(ToResumption(command));
        return new(TextOf(command.Kind), IsExecuted: true);
    }

    private static CommandAnswer RefuseWithoutKey(TaskCommand command) =>
        new($"{command.Kind}{TaskCommandResult.NeedsKey}", IsExecuted: false);

    private static CommandAnswer RefuseUnknown(TaskCommand command) =>
        new($"unknown command {(int)command.Kind}: a newer version sent it", IsExecuted: false);

    private static TaskChange? ToChange(TaskCommand command) => command.Options is null ? null : new()
    {
        Options = command.Options,
        Reason = command.Reason,
        By = command.By,
        Since = command.Sent,
        Fingerprint = command.Fingerprint,
    };

    private static Resumption ToResumption(TaskCommand command) => Resumption.FromUser(command.Reason, command.By);

    private static TaskPause ToPause(TaskCommand command) => new()
    {
        Reason = command.Reason ?? TaskPause.ByHand,
        By = command.By,
        Since = command.Sent,
        Until = command.Until,
    };
}
