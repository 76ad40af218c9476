using SafeLoop.Storage;

namespace SafeLoop.Tests;

// Commands.
internal sealed partial class MemoryApplication
{
    public void Add(StoreCommand command, DateTimeOffset now)
    {
        if (_commands.Exists(added => rules.IsSame(added.Command, command)))
            return;
        _lastNumber = rules.NextNumber(_lastNumber, _commands);
        _commands.Add(new(command with { Number = _lastNumber, Given = now }));
        if (command is { Key: null, Kind: StoreCommandKind.Pause or StoreCommandKind.Resume })
        {
            var loop = GetLoop(command.TaskName, key: null);
            loop.State = loop.State with { Pause = command.Kind is StoreCommandKind.Pause ? ToPause(command, now) : null };
        }
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

    public void Complete(Guid id, Guid instance, string result) => FindCommand(id)?.Results.TryAdd(instance, result);

    private static TaskPause ToPause(StoreCommand command, DateTimeOffset now) => new()
    {
        Reason = command.Reason ?? TaskPause.ByHand,
        By = command.By,
        Since = now,
        Until = command.Until,
    };

    private MemoryCommand? FindCommand(Guid id) => _commands.Find(command => command.Command.Id == id);
}
