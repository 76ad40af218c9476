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

    private MemoryCommand? FindCommand(Guid id) => _commands.Find(command => command.Command.Id == id);
}
