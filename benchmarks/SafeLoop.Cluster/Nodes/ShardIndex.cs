namespace SafeLoop.Cluster.Nodes;

/// <summary>The keys of each shard: the index of a database that has them all.</summary>
/// <remarks>An idle silo has it, too, so that its memory is not counted as that of loops.</remarks>
internal sealed class ShardIndex
{
    private readonly int[] _keys; // ordered by their shards
    private readonly int[] _ends; // of each shard, in the keys

    public ShardIndex(int keys, int shards)
    {
        _keys = [.. Enumerable.Range(0, keys)];
        var owners = Array.ConvertAll(_keys, key => KeyShard.FromKey(key, shards).Index);
        _ends = new int[shards];
        foreach (var owner in owners)
            _ends[owner]++;
        for (var shard = 1; shard < shards; shard++)
            _ends[shard] += _ends[shard - 1];
        Array.Sort(owners, _keys);
    }

    public IEnumerable<int> KeysOf(int shard) =>
        new ArraySegment<int>(_keys, shard == 0 ? 0 : _ends[shard - 1], _ends[shard] - (shard == 0 ? 0 : _ends[shard - 1]));
}
