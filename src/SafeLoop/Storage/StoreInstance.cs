namespace SafeLoop.Storage;

/// <summary>One running host, from its start to its end.</summary>
public sealed record StoreInstance
{
    /// <summary>A random id for each start, never derived from the name of the machine.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the application. Applications that share a database see only their own tasks.</summary>
    public required string Application { get; init; }

    /// <summary>The name of the machine, for people.</summary>
    public required string Host { get; init; }

    /// <summary>The id of the process, for people.</summary>
    public required int ProcessId { get; init; }

    /// <summary>
    /// The version of the application, for people: the informational version of its entry assembly. Null: unknown.
    /// </summary>
    public string? Version { get; init; }
}
