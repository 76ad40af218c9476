namespace SafeLoop;

/// <summary>What a host knows of a shard that it opens.</summary>
public sealed record ShardOpening
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The shard. An ordinary task has one, which is the default value.</summary>
    public KeyShard Shard { get; init; }

    /// <summary>The number of the ownership: greater than that of every earlier owner. Steps get it as fencing token.</summary>
    public required long Epoch { get; init; }

    /// <summary>The lease of this host, which all its shards share.</summary>
    public required ShardLease Lease { get; init; }

    /// <summary>What the last owner has handed over when it closed the shard; null: it is lost.</summary>
    public byte[]? Memory { get; init; }

    /// <summary>All slots until then have run or were recorded; null: unknown, and the schedules begin as new.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>The last durable row of keys that have ended, are paused or were added by hand; null: there is none.</summary>
    public byte[]? Exceptions { get; init; }
}
