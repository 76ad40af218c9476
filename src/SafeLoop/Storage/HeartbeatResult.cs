namespace SafeLoop.Storage;

/// <summary>The answer of a store to a heartbeat: what has happened in it since the last one.</summary>
public sealed record HeartbeatResult
{
    /// <summary>The present time of the database.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// True when this instance was marked as lost, so that its claims have ended, or is not known. It must connect again under
    /// another id; connecting under its own changes nothing.
    /// </summary>
    public bool IsLost { get; init; }

    /// <summary>The commands after the last one known, in order. Expired runs and erasures are missing.</summary>
    public IReadOnlyList<TaskCommand> Commands { get; init; } = [];

    /// <summary>The slots that this call has ended because their instance was lost.</summary>
    public IReadOnlyList<SlotClaim> Lost { get; init; } = [];
}
