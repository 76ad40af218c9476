namespace SafeLoop;

/// <summary>Commands of a host without a store. It executes them itself, and keeps the last ones in memory.</summary>
internal sealed class LocalTaskCommands(CommandRules rules, CommandExecutor executor, TimeProvider time) : IRecurringTaskCommands
{
    private const int MostKept = 1_000;

    private readonly Guid _instance = Guid.NewGuid();
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Guid, TaskCommandStatus> _log = [];
    private long _number;

    public async Task SendAsync(TaskCommand command, CancellationToken cancellationToken = default)
    {
        command = rules.Check(command);
        cancellationToken.ThrowIfCancellationRequested();
        var isRun = command.Kind is TaskCommandKind.RunNow;
        if (rules.Find(command.TaskName) is null)
            throw rules.Unknown(command.TaskName, hasStore: false);
        var loop = executor.FindLoop(command, out var refusal);
        if (loop is null && command.Key is { } key && refusal.Text == TaskCommandResult.NoKey)
            throw new KeyNotFoundException(
                $"Recurring task '{command.TaskName}' has no key '{Printable.Escape(key)}'. Add the key first.");
        if (isRun && loop is { Loop.IsStarted: false })
            throw new InvalidOperationException(
                $"Recurring task '{command.TaskName}' cannot run yet, because the host has not started. Send the "
                + "command when it has started.");
        if (!TryAdd(command with { Sent = time.GetUtcNow() }, out command))
            return;
        if (!isRun)
            Complete(command.Id, executor.Execute(command, isFromStore: false));
        else if (loop is null)
            Complete(command.Id, refusal);
        else
            _ = CommandExecutor.RunAsync(loop, answer => Complete(command.Id, answer));
        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<TaskCommandStatus?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return Task.FromResult(_log.TryGetValue(id, out var status) ? Read(status) : null);
    }

    public Task<TaskCommandPage> QueryAsync(TaskCommandQuery query, CancellationToken cancellationToken = default)
    {
        CommandRules.Check(query);
        var before = query.Cursor is null ? long.MaxValue : PageRules.ReadCursor(query.Cursor, "commands");
        lock (_gate)
        {
            var found = _log.Values.Reverse().Where(status => status.Command.Number < before && IsOf(status, query.TaskName))
                .Take(query.PageSize + 1).Select(Read).ToList();
            var page = found.Take(query.PageSize).ToList();
            return Task.FromResult(new TaskCommandPage
            {
                Commands = page,
                Cursor = found.Count == page.Count ? null : PageRules.FormatCursor(page[^1].Command.Number),
            });
        }
    }

    // A command that is sent again is executed once.
    private bool TryAdd(TaskCommand command, out TaskCommand added)
    {
        lock (_gate)
        {
            added = command with { Number = _number + 1 };
            if (!_log.TryAdd(command.Id, new() { Command = added, TakenBy = _instance }))
                return false;
            _number++;
            if (_log.Count > MostKept)
                _log.RemoveAt(0);
            return true;
        }
    }

    private void Complete(Guid id, CommandAnswer answer)
    {
        var result = new TaskCommandResult
        {
            Instance = _instance,
            Host = Environment.MachineName,
            Ended = time.GetUtcNow(),
            IsExecuted = answer.IsExecuted,
            Text = answer.Text,
        };
        lock (_gate)
        {
            if (_log.TryGetValue(id, out var status))
                _log[id] = status with { Results = [result], TakenBy = answer.IsExecuted ? _instance : null };
        }
    }

    private TaskCommandStatus Read(TaskCommandStatus status) =>
        status with { IsExpired = time.GetUtcNow() - status.Command.Sent >= status.Command.ExpiresAfter };

    private static bool IsOf(TaskCommandStatus status, string? task) =>
        task is null || task.Equals(status.Command.TaskName, StringComparison.OrdinalIgnoreCase);
}
