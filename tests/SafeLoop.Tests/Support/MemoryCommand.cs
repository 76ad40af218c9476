namespace SafeLoop.Tests;

/// <summary>A row of the table of commands.</summary>
internal sealed class MemoryCommand(MemoryTask task, TaskCommand command)
{
    public MemoryTask Task => task;

    /// <summary>The command. A renamed task takes it along.</summary>
    public TaskCommand Command => command with { TaskName = task.Name, Key = IsKeyErased ? null : command.Key };

    /// <summary>Makes it the last command, of a change over the options of this fingerprint.</summary>
    public void Renumber(long number, string fingerprint) =>
        command = command with { Number = number, Fingerprint = fingerprint };

    /// <summary>True when it erased a key, whose text it has no longer.</summary>
    public bool IsKeyErased { get; set; }

    public Guid TakenBy { get; set; }

    /// <summary>How it ended, per instance.</summary>
    public OrderedDictionary<Guid, TaskCommandResult> Results { get; } = [];

    public bool IsForOne => command.Kind is TaskCommandKind.RunNow;

    // The longest span must not overflow.
    public bool HasExpired(DateTimeOffset now) => (IsForOne || command.Kind is TaskCommandKind.Erase) && IsPast(now);

    public TaskCommandStatus ToStatus(DateTimeOffset now) => new()
    {
        Command = Command,
        TakenBy = TakenBy == Guid.Empty ? null : TakenBy,
        IsExpired = IsPast(now),
        Results = [.. Results.Values],
    };

    private bool IsPast(DateTimeOffset now) => now - command.Sent >= command.ExpiresAfter;
}
