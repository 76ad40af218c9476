using System.Globalization;
using SafeLoop.Storage;

namespace SafeLoop.Tests;

// Commands.
internal sealed partial class MemoryApplication
{
    public bool Add(TaskCommand command, DateTimeOffset now)
    {
        if (FindTask(command.TaskName) is not { } task)
            return rules.AcceptsUnknownTask;
        if (_commands.Exists(added => rules.IsSame(added.Command, command)))
            return true;
        _lastNumber = rules.NextNumber(_lastNumber, _commands);
        _commands.Add(new(task, command with { Number = _lastNumber, Sent = now }));
        if (command.Kind is TaskCommandKind.Pause or TaskCommandKind.Resume && rules.IsPauseStored(command))
            SetPause(command, command.Kind is TaskCommandKind.Pause ? ToPause(command, now) : null);
        if (command.Kind is TaskCommandKind.Change && !rules.NeedsHost(command))
            SetChange(task, command with { Sent = now });
        return true;
    }

    private void SetChange(MemoryTask task, TaskCommand command)
    {
        var loop = GetLoop(task.Name, key: null);
        loop.State = loop.State with { Change = rules.ToChange(task, command) };
    }

    // Its sender could not know whether the task can use it. Hosts that start now read it again by its new number.
    private void Accept(MemoryCommand row)
    {
        if (_commands.Exists(later => rules.Replaces(later, row)))
            return;
        _lastNumber = rules.NextNumber(_lastNumber, _commands);
        row.Renumber(_lastNumber, row.Task.Fingerprint ?? "");
        SetChange(row.Task, row.Command);
    }

    private void SetPause(TaskCommand command, TaskPause? pause)
    {
        var loop = GetLoop(command.TaskName, command.Key);
        loop.State = loop.State with { Pause = pause };
        if (command.Key is { } key && loop.State == new StoredLoop { TaskName = loop.State.TaskName, Key = loop.State.Key })
            GetTask(command.TaskName).Remove(rules.KeyOf(key)); // nothing else is stored of it
    }

    public bool TryTake(Guid id, Guid instance, DateTimeOffset now)
    {
        if (FindCommand(id) is not { } command || !rules.MayTake(command, instance))
            return false;
        if (command.TakenBy == Guid.Empty && command.HasExpired(now))
            return false;
        command.TakenBy = instance;
        return true;
    }

    public void Complete(Guid id, TaskCommandResult result, DateTimeOffset now)
    {
        if (FindCommand(id) is not { } command || !rules.MayComplete(command, result))
            return;
        rules.AddResult(command, Completed(result, now));
        if (result.IsExecuted && rules.NeedsHost(command.Command))
            Accept(command);
    }

    public TaskCommandStatus? Find(Guid id, DateTimeOffset now) => FindCommand(id)?.ToStatus(now);

    public TaskCommandPage Query(TaskCommandQuery query, DateTimeOffset now)
    {
        var (before, task) = (ReadCursor(query.Cursor), FindTask(query.TaskName));
        var found = _commands.Where(row => query.TaskName is null || row.Task == task)
            .Where(row => rules.IsBefore(row.Command.Number, before))
            .OrderByDescending(row => row.Command.Number).Take(query.PageSize + 1).ToList();
        var page = found.Take(query.PageSize).ToList();
        return new()
        {
            Commands = [.. page.Select(row => row.ToStatus(now))],
            Cursor = found.Count == page.Count ? null : page[^1].Command.Number.ToString(CultureInfo.InvariantCulture),
        };
    }

    // The run of a host that was lost must not be repeated, and its command must not wait for ever.
    private void EndLostCommands(DateTimeOffset now)
    {
        foreach (var command in _commands)
        {
            if (command.TakenBy != Guid.Empty && _instances.GetValueOrDefault(command.TakenBy)?.HasEnded is true)
                rules.EndLost(command, Completed(
                    new() { Instance = command.TakenBy, IsExecuted = true, Text = "Interrupted (HostLost)" }, now));
        }
    }

    private TaskCommandResult Completed(TaskCommandResult result, DateTimeOffset now) =>
        result with { Ended = now, Host = _instances.GetValueOrDefault(result.Instance)?.Instance.Host };

    private static long ReadCursor(string? cursor) => cursor is null ? long.MaxValue
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException("The cursor is not one of a page of this log. Begin with the first page.", nameof(cursor));

    private static TaskPause ToPause(TaskCommand command, DateTimeOffset now) => new()
    {
        Reason = command.Reason ?? TaskPause.ByHand,
        By = command.By,
        Since = now,
        Until = command.Until,
    };

    private MemoryCommand? FindCommand(Guid id) => _commands.Find(command => command.Command.Id == id);
}
