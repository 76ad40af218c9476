namespace SafeLoop;

/// <summary>The ownership of one shard of a task by this host, until the shard is closed or the lease is lost.</summary>
/// <param name="shard">The shard.</param>
/// <param name="epoch">The number of the ownership: greater than that of every earlier owner of the shard.</param>
/// <param name="lease">The lease of this host.</param>
internal sealed class ShardOwnership(KeyShard shard, long epoch, ShardLease lease)
{
    private volatile bool _isClosed;

    public KeyShard Shard => shard;

    public long Epoch => epoch;

    public ShardLease Lease => lease;

    /// <summary>True when an iteration may start: the shard is open, and this host can prove its lease.</summary>
    public bool CanStart => !_isClosed && lease.IsValid;

    /// <summary>True when the shard was closed or lost. Its loops have ended or are ending.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Prevents further iterations, because the shard is moving or lost.</summary>
    public void Close() => _isClosed = true;
}
