namespace SafeLoop;

/// <summary>A shard to take.</summary>
public sealed record ShardTake
{
    /// <summary>The shard.</summary>
    public required ShardId Id { get; init; }

    /// <summary>The epoch that was read; zero: it was never taken.</summary>
    public required long Epoch { get; init; }

    /// <summary>Where its loops go on when the new owner is lost before it stores its progress; null: unknown.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>How many owners in a row were lost before this one. Stored as it is.</summary>
    public int Losses { get; init; }

    /// <summary>
    /// True: deletes the stored memory, because <see cref="Watermark"/> is later than it. Set it when the progress of a lost
    /// owner is used, else an owner after this one would begin with a memory that is out of date.
    /// </summary>
    public bool DropsMemory { get; init; }
}
