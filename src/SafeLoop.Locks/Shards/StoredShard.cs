namespace SafeLoop;

/// <summary>A shard as it is stored.</summary>
public sealed record StoredShard
{
    /// <summary>The shard.</summary>
    public required ShardId Id { get; init; }

    /// <summary>The number of the last ownership.</summary>
    public required long Epoch { get; init; }

    /// <summary>The lease of the last owner. Zero: it has given the shard away.</summary>
    public required long Lease { get; init; }

    /// <summary>True when that lease is live.</summary>
    public bool IsOwned { get; init; }

    /// <summary>
    /// How long ago the lease of a lost owner has ended; zero while it is live or the shard was given away.
    /// </summary>
    public TimeSpan GoneFor { get; init; }

    /// <summary>
    /// How long that owner held its lease after it took the shard; zero while it is live or the shard was given away.
    /// </summary>
    public TimeSpan OwnedFor { get; init; }

    /// <summary>
    /// The progress that a lost owner has stored last; null: none, or it is live, or it has given the shard away.
    /// </summary>
    public byte[]? Progress { get; init; }

    /// <summary>The state of its loops when it was given away last; null: it never was, or they had none.</summary>
    public byte[]? Memory { get; init; }

    /// <summary>All slots until then had run or were recorded when it was taken or given away last; null: unknown.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>The keys that have ended, are paused or were added by hand, as stored last; null: never.</summary>
    public byte[]? Exceptions { get; init; }

    /// <summary>How many owners in a row were lost before the last one, as it has counted them.</summary>
    public int Losses { get; init; }
}
