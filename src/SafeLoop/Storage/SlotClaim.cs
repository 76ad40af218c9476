namespace SafeLoop.Storage;

/// <summary>The claim of an instance on a slot.</summary>
public sealed record SlotClaim
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The text of the key; null for an ordinary task.</summary>
    public string? Key { get; init; }

    /// <summary>The slot.</summary>
    public required DateTimeOffset Slot { get; init; }

    /// <summary>The id of the host.</summary>
    public required Guid Instance { get; init; }
}
