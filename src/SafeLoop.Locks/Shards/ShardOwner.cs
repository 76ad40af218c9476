namespace SafeLoop;

/// <summary>Who owns a shard, and since when.</summary>
public sealed record ShardOwner
{
    /// <summary>The shard.</summary>
    public required ShardId Id { get; init; }

    /// <summary>The number of the last ownership.</summary>
    public required long Epoch { get; init; }

    /// <summary>The name of the owner; null: its owner has given it away, and no host has taken it.</summary>
    public string? Owner { get; init; }

    /// <summary>True when the lease of that owner is live.</summary>
    public bool IsOwned { get; init; }

    /// <summary>When the owner took it, or the last one gave it away, by the clock of the store.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The name of the owner before; null: there was none, or it is not known any more.</summary>
    public string? Previous { get; init; }

    /// <summary>True when the owner before was lost: its lease had ended, and it had not given the shard away.</summary>
    public bool WasLost { get; init; }

    /// <summary>How many owners in a row were lost: their leases have ended, and they had not given the shard away.</summary>
    public int Losses { get; init; }
}
