using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>A row of the table of commands.</summary>
internal sealed class MemoryCommand(StoreCommand command)
{
    public StoreCommand Command => command;

    public Guid TakenBy { get; set; }

    /// <summary>How it ended, per instance.</summary>
    public Dictionary<Guid, string> Results { get; } = [];

    public bool IsForOne => command.Kind is StoreCommandKind.RunNow;

    // The longest span must not overflow.
    public bool HasExpired(DateTimeOffset now) => IsForOne && now - command.Given >= command.ExpiresAfter;
}
