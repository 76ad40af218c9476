namespace SafeLoop;

/// <summary>A shard that this host owns by the store, from the take until it was given away.</summary>
/// <remarks>Its fields are changed under the lock of <see cref="OwnedShards"/>.</remarks>
internal sealed class OwnedShard(ClusterTask task, ShardId id, KeyShard shard, long epoch, HostLease lease, ShardOrigin origin)
{
    public ClusterTask Task => task;

    public ShardId Id => id;

    public KeyShard Shard => shard;

    public long Epoch => epoch;

    public HostLease Lease => lease;

    public ShardOrigin Origin => origin;

    /// <summary>How many owners in a row were lost before this host.</summary>
    public int Losses { get; init; }

    /// <summary>When this host took it, as a timestamp.</summary>
    public long TakenAt { get; init; }

    /// <summary>True when its loops run here. False while it is opened and when it is closed.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The last known watermark.</summary>
    public DateTimeOffset? Watermark { get; set; } = origin.Watermark;

    /// <summary>True when the watermark is that of loops that have run here.</summary>
    public bool HasProgress { get; set; }

    /// <summary>The version of the exceptional keys.</summary>
    public ulong Exceptions { get; set; }

    /// <summary>The version of them that the store has; null: it is not known.</summary>
    public ulong? StoredExceptions { get; set; } = origin.Exceptions is null ? 0 : null;
}
