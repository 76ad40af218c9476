namespace SafeLoop;

/// <summary>The state of a shard that its owner stores.</summary>
public sealed record ShardState
{
    /// <summary>The shard.</summary>
    public required ShardId Id { get; init; }

    /// <summary>The number of the ownership.</summary>
    public required long Epoch { get; init; }

    /// <summary>The state of its loops; null: the next owner begins at the watermark.</summary>
    public byte[]? Memory { get; init; }

    /// <summary>All slots until then have run or were recorded; null: unknown.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>The keys that have ended, are paused or were added by hand; null: leaves what is stored.</summary>
    public byte[]? Exceptions { get; init; }

    /// <summary>
    /// How many owners in a row were lost before this one; zero, the default: counts anew. <see cref="IShardStore.GiveAsync"/>
    /// stores it as it is.
    /// </summary>
    public int Losses { get; init; }
}
