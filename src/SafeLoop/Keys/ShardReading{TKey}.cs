namespace SafeLoop;

/// <summary>Adds the keys of shards that were read from their source, and removes those that are gone.</summary>
/// <remarks>
/// Keys are added at once. Those that are gone are found by a pass over all keys, so one pass serves many shards: at most eight
/// passes for all, with an eighth of the keys in memory.
/// </remarks>
internal sealed class ShardReading<TKey>(KeyedLoops<TKey> all)
    where TKey : notnull
{
    private const int FewestKeys = 4096;

    private readonly HashSet<TKey> _keys = [];
    private readonly List<OpenShard> _shards = [];

    /// <summary>Adds the keys of a shard.</summary>
    public void Add(OpenShard shard, IReadOnlySet<TKey> keys)
    {
        all.AddFromSource(keys);
        _keys.UnionWith(keys);
        _shards.Add(shard);
        if (_keys.Count >= Math.Max(FewestKeys, all.Count / 8))
            Complete();
    }

    /// <summary>Removes the keys that are gone from the shards that were read.</summary>
    public void Complete()
    {
        if (_shards.Count > 0)
            all.RemoveGone(_keys, _shards);
        _keys.Clear();
        _shards.Clear();
    }
}
