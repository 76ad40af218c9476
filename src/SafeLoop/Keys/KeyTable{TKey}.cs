using System.Numerics;

namespace SafeLoop;

/// <summary>Maps keys to loops. Also tracks the loops of removed keys until they have ended.</summary>
/// <remarks>
/// Thread-safe. Hash and equality of keys are user code. The table calls them before it changes anything and never under the
/// lock. So a key that throws changes nothing, and a key that blocks delays only its caller. The entry of a key has the same
/// number as the row of its loop.
/// </remarks>
internal sealed class KeyTable<TKey>(LoopRows rows)
    where TKey : notnull
{
    private const int SlabBits = RowSlabs.SlabBits, SlabSize = RowSlabs.SlabSize;
    private const int SmallTable = 16, KeysPerBucket = 2;

    // Keys of these types are hashed again when the table grows; the hashes of others are kept.
    private static readonly bool IsOwnHash =
        typeof(TKey).IsPrimitive || typeof(TKey) == typeof(Guid) || typeof(TKey) == typeof(string);

    private readonly Lock _gate = new();
    private readonly Dictionary<LoopId, EndingLoop> _ending = [];
    private readonly Dictionary<int, List<LoopId>> _endingByHash = [];
    private int[] _buckets = new int[SmallTable]; // the rows of the first keys; zero: none
    private int _shift = 32 - BitOperations.Log2(SmallTable);
    private Entry[]?[] _slabs = [];
    private int[]?[] _hashes = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public LoopId Find(TKey key)
    {
        var hash = HashOf(key);
        Candidates found;
        lock (_gate)
            found = WithHash(hash);
        return found.FirstOf(key);
    }

    /// <summary>The key of a loop.</summary>
    /// <returns>False when it was removed.</returns>
    public bool TryGetKey(LoopId loop, out TKey key)
    {
        lock (_gate)
        {
            var isThere = rows.StateOf(loop) is not null;
            key = isThere ? KeyAt(loop.Row) : default!;
            return isThere;
        }
    }

    /// <summary>The key in a row. The caller must ensure that its loop is not removed meanwhile.</summary>
    public TKey KeyAt(int row) => Volatile.Read(ref _slabs)[row >> SlabBits]![row & (SlabSize - 1)].Key;

    /// <summary>The keys that were not removed.</summary>
    public List<(LoopId Loop, TKey Key)> ToList()
    {
        lock (_gate)
        {
            var all = new List<(LoopId, TKey)>(_count);
            foreach (var loop in rows.All())
            {
                if (!_ending.ContainsKey(loop))
                    all.Add((loop, KeyAt(loop.Row)));
            }
            return all;
        }
    }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="definition">By which its loop runs.</param>
    /// <param name="isFromSource">False: it was added by hand.</param>
    /// <param name="memory">The state of its loop on the host before; null: it is new.</param>
    /// <param name="added">Its loop.</param>
    /// <param name="mayStart">
    /// False: a loop of the same key is still ending. <see cref="RemoveEnded"/> returns this one when it ends.
    /// </param>
    /// <returns>False when the key is already in the table, or its shard was closed.</returns>
    public bool TryAdd(
        TKey key, KeyDefinition definition, bool isFromSource, LoopMemory? memory, out LoopId added, out bool mayStart)
    {
        var hash = HashOf(key);
        var (others, ending) = (new Candidates(), new Candidates());
        while (true)
        {
            Candidates othersNow, endingNow;
            lock (_gate)
            {
                (othersNow, endingNow) = (WithHash(hash), EndingWithHash(hash));
                // Add only when every loop that may have the same key was compared with it.
                if (othersNow.AreSame(others) && endingNow.AreSame(ending))
                {
                    added = rows.Add(definition, isFromSource, memory);
                    if (added.IsNone)
                        return mayStart = false;
                    Insert(added.Row, key, hash);
                    mayStart = !MakeSuccessor(added, ending.OfSameKey);
                    return true;
                }
            }

            if (othersNow.FirstOf(key) is { IsNone: false } present && TryConfirm(present, isByHand: !isFromSource))
            {
                (added, mayStart) = (default, false);
                return false;
            }
            (others, ending) = (othersNow, endingNow);
            ending.Compare(key);
        }
    }

    /// <summary>Removes a key. Its loop is ending until <see cref="RemoveEnded"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="onlyFromSource">True: a key that was added by hand stays.</param>
    /// <returns>Its loop; none when the key is not in the table or stays.</returns>
    public LoopId Remove(TKey key, bool onlyFromSource)
    {
        var hash = HashOf(key);
        Candidates found;
        lock (_gate)
            found = WithHash(hash);
        if (found.FirstOf(key) is not { IsNone: false } loop)
            return default;
        lock (_gate)
            return (!onlyFromSource || rows.IsFromSource(loop)) && TryUnlink(loop) ? loop : default;
    }

    /// <summary>Removes the key of a loop, without asking the key. Its loop is ending until <see cref="RemoveEnded"/>.</summary>
    /// <returns>False when it was removed before.</returns>
    public bool Remove(LoopId loop)
    {
        lock (_gate)
            return TryUnlink(loop);
    }

    /// <summary>Removes the loop of a removed key, which has ended. Its row is free from then on.</summary>
    /// <returns>The loop of the same key that may start now; none otherwise.</returns>
    public LoopId RemoveEnded(LoopId loop)
    {
        lock (_gate)
        {
            if (!_ending.Remove(loop, out var left))
                return default;
            var same = _endingByHash[left.Hash];
            same.Remove(loop);
            if (same.Count == 0)
                _endingByHash.Remove(left.Hash);
            var isLast = !left.Next.IsNone && same.All(other => _ending[other].Next != left.Next);
            _slabs[loop.Row >> SlabBits]![loop.Row & (SlabSize - 1)] = default;
            if (rows.Remove(loop))
                DropSlab(loop.Row >> SlabBits);
            return isLast ? left.Next : default;
        }
    }

    private static int HashOf(TKey key) => EqualityComparer<TKey>.Default.GetHashCode(key);

    // Confirms that a loop is still in the table. A key that is also added by hand is no longer removed with its source.
    private bool TryConfirm(LoopId present, bool isByHand)
    {
        lock (_gate)
        {
            var isThere = rows.StateOf(present) is not null && !_ending.ContainsKey(present);
            if (isThere && isByHand)
                rows.MarkAddedByHand(present);
            return isThere;
        }
    }

    private bool MakeSuccessor(LoopId loop, List<LoopId>? ending)
    {
        foreach (var before in ending ?? [])
            _ending[before] = _ending[before] with { Next = loop };
        return ending is { Count: > 0 };
    }

    private Candidates WithHash(int hash)
    {
        var found = new Candidates();
        for (var row = BucketOf(hash); row != 0; row = EntryAt(row).Next)
        {
            if (HashAt(row) == hash)
                found.Add(rows.At(row), EntryAt(row).Key);
        }
        return found;
    }

    private Candidates EndingWithHash(int hash)
    {
        var found = new Candidates();
        if (_endingByHash.TryGetValue(hash, out var same))
        {
            foreach (var loop in same)
                found.Add(loop, KeyAt(loop.Row));
        }
        return found;
    }

    private void Insert(int row, TKey key, int hash)
    {
        var (slab, index) = (row >> SlabBits, row & (SlabSize - 1));
        Ensure(slab, index);
        if (!IsOwnHash)
            _hashes[slab]![index] = hash;
        ref var first = ref BucketOf(hash);
        _slabs[slab]![index] = new() { Key = key, Next = first };
        first = row;
        _count++;
        if (_count > _buckets.Length * KeysPerBucket)
            Resize(_buckets.Length * 2);
    }

    private bool TryUnlink(LoopId loop)
    {
        if (rows.StateOf(loop) is null || _ending.ContainsKey(loop))
            return false; // another thread has removed it
        var hash = HashAt(loop.Row);
        Unlink(loop.Row, hash);
        _ending.Add(loop, new(hash, default));
        if (!_endingByHash.TryGetValue(hash, out var same))
            _endingByHash.Add(hash, same = []);
        same.Add(loop);
        if (_buckets.Length > SmallTable && _count < _buckets.Length / 4)
            Resize(_buckets.Length / 2);
        return true;
    }

    private void Unlink(int row, int hash)
    {
        ref var link = ref BucketOf(hash);
        while (link != row)
            link = ref EntryAt(link).Next;
        link = EntryAt(row).Next;
        _count--;
    }

    private void Resize(int length)
    {
        var before = _buckets;
        (_buckets, _shift) = (new int[length], 32 - BitOperations.Log2((uint)length));
        foreach (var bucket in before)
        {
            for (var row = bucket; row != 0;)
            {
                ref var entry = ref EntryAt(row);
                ref var first = ref BucketOf(HashAt(row));
                var next = entry.Next;
                (entry.Next, first) = (first, row);
                row = next;
            }
        }
    }

    // The array of a slab may be replaced by a larger one while another thread reads a key: that thread then reads the old one.
    private void Ensure(int slab, int index)
    {
        if (slab >= _slabs.Length)
        {
            var length = Math.Max(1, slab * 2);
            Array.Resize(ref _hashes, length);
            var slabs = _slabs;
            Array.Resize(ref slabs, length);
            Volatile.Write(ref _slabs, slabs);
        }
        var size = slab > 0 ? SlabSize : Math.Min(SlabSize, Math.Max(8, (index + 1) * 2));
        if (_slabs[slab] is { } entries && index < entries.Length)
            return;
        Array.Resize(ref _slabs[slab], size);
        if (!IsOwnHash)
            Array.Resize(ref _hashes[slab], size);
    }

    private void DropSlab(int slab)
    {
        _slabs[slab] = null;
        _hashes[slab] = null;
    }

    private ref int BucketOf(int hash) => ref _buckets[(uint)hash * 2654435769u >> _shift]; // Fibonacci hashing

    private ref Entry EntryAt(int row) => ref _slabs[row >> SlabBits]![row & (SlabSize - 1)];

    private int HashAt(int row) => IsOwnHash ? HashOf(EntryAt(row).Key) : _hashes[row >> SlabBits]![row & (SlabSize - 1)];

    private struct Entry
    {
        public TKey Key;
        public int Next;
    }

    private readonly record struct EndingLoop(int Hash, LoopId Next);

    /// <summary>Loops whose keys have the same hash: usually none or one.</summary>
    private struct Candidates
    {
        private (LoopId Loop, TKey Key) _first;
        private List<(LoopId Loop, TKey Key)>? _others;

        public List<LoopId>? OfSameKey { get; private set; }

        public void Add(LoopId loop, TKey key)
        {
            if (_first.Loop.IsNone)
                _first = (loop, key);
            else
                (_others ??= []).Add((loop, key));
        }

        public readonly bool AreSame(in Candidates others) => _first.Loop == others._first.Loop
            && (_others ?? []).Select(other => other.Loop).SequenceEqual((others._others ?? []).Select(other => other.Loop));

        public readonly LoopId FirstOf(TKey key)
        {
            if (_first.Loop.IsNone || EqualityComparer<TKey>.Default.Equals(key, _first.Key))
                return _first.Loop;
            return _others?.Find(other => EqualityComparer<TKey>.Default.Equals(key, other.Key)).Loop ?? default;
        }

        public void Compare(TKey key)
        {
            if (_first.Loop.IsNone)
                return;
            var all = new[] { _first }.Concat(_others ?? []);
            var same = all.Where(other => EqualityComparer<TKey>.Default.Equals(key, other.Key));
            OfSameKey = [.. same.Select(other => other.Loop)];
        }
    }
}
