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

    /// <summary>Adds the keys of a shard. Those of other shards are left out: the source of their own shards decides.</summary>
    /// <returns>What is wrong with the source; null: nothing.</returns>
    public Exception? Add(OpenShard shard, IReadOnlySet<TKey> keys)
    {
        Exception? wrong = null;
        var expected = shard.Ownership.Shard;
        foreach (var key in keys)
        {
            var isKnown = all.Shards.TryGetShard(key, expected.Count, out var own);
            if (isKnown && own != expected)
            {
                wrong ??= IsInAnotherShard(key, expected, own);
                continue;
            }
            if (isKnown)
                all.AddFromSource(key);
            _keys.Add(key);
        }
        _shards.Add(shard);
        if (_keys.Count >= Math.Max(FewestKeys, all.Count / 8))
            Complete();
        return wrong;
    }

    /// <summary>Removes the keys that are gone from the shards that were read.</summary>
    public void Complete()
    {
        if (_shards.Count > 0)
            all.RemoveGone(_keys, _shards);
        _keys.Clear();
        _shards.Clear();
    }

    private static InvalidOperationException IsInAnotherShard(TKey key, KeyShard read, KeyShard own) => new(
        $"The source given to KeysFrom yielded the key '{LoopName.FormatKey(key)}' for shard {read}, but it is in shard {own}, "
        + "so it is left out. Select the keys of a shard by KeyShard.FromKey(key, shard.Count).Index, or give KeysFrom a source "
        + "of all keys.");
}
