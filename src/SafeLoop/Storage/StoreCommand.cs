namespace SafeLoop.Storage;

/// <summary>A request to a task, given to any instance and executed by all or by one.</summary>
public sealed record StoreCommand
{
    /// <summary>A random id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its place in the order of all commands, given by the store; 0 before.</summary>
    public long Number { get; init; }

    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null: the task.</summary>
    public string? Key { get; init; }

    /// <summary>What to do.</summary>
    public required StoreCommandKind Kind { get; init; }

    /// <summary>Why; null: no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>Who gave it; null: unknown.</summary>
    public string? By { get; init; }

    /// <summary>The end of a pause; null: when the task is resumed.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When it was given, on the database's clock; set by the store.</summary>
    public DateTimeOffset Given { get; init; }

    /// <summary>How long a command that one instance executes waits for one. The default is one minute.</summary>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The instance that gave it and has executed it already; empty: none has.</summary>
    public Guid Instance { get; init; }
}
