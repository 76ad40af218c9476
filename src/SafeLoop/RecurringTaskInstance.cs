namespace SafeLoop;

/// <summary>A host of the application, as the store knows it.</summary>
public sealed record RecurringTaskInstance
{
    /// <summary>Its id, another one for each start.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of its machine.</summary>
    public required string Host { get; init; }

    /// <summary>The id of its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The version of the application; null: unknown.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it runs.</summary>
    public RecurringTaskInstanceState State { get; init; }

    /// <summary>When it started, on the clock of the database.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Its last heartbeat, on the clock of the database.</summary>
    public DateTimeOffset LastHeartbeat { get; init; }

    /// <summary>When it stopped or was marked as lost, on the clock of the database; null: it has not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Its memory and loops at the last heartbeat; null: it has sent none.</summary>
    public InstanceSample? LastSample { get; init; }
}
