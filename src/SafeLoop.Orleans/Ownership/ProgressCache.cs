namespace SafeLoop;

/// <summary>Reads the progress of gone owners. The shards of one owner share it, so it is read once.</summary>
internal sealed class ProgressCache(ClusterReports reports)
{
    private readonly Dictionary<long, IReadOnlyList<StoredProgress>> _byLease = [];

    public IReadOnlyList<StoredProgress> Read(StoredShard shard)
    {
        if (shard.Progress is not { } bytes)
            return [];
        if (!_byLease.TryGetValue(shard.Lease, out var progress))
            _byLease.Add(shard.Lease, progress = TryRead(shard.Id, bytes));
        return progress;
    }

    private IReadOnlyList<StoredProgress> TryRead(ShardId shard, byte[] bytes)
    {
        try
        {
            return ProgressCodec.Read(bytes);
        }
        catch (InvalidDataException error)
        {
            reports.OnUnreadable(shard, error);
            return [];
        }
    }
}
