namespace SafeLoop;

/// <summary>Maps keys to loops, and knows the loops of removed keys that have not ended yet.</summary>
/// <remarks>
/// Thread-safe. Hash and equality of keys are user code. The table calls them before it changes anything and never under the
/// lock. So a key that throws changes nothing, and a key that blocks holds up only its caller. The table holds only the loops
/// and their hashes, because each loop has its key.
/// </remarks>
internal sealed class KeyTable<TKey>
    where TKey : notnull
{
    // A larger table shrinks when most of its keys have been removed.
    private const int SmallTable = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<KeyedLoop<TKey>> _loops = new(LoopComparer.Instance);
    private readonly HashSet<KeyedLoop<TKey>> _leaving = new(LoopComparer.Instance); // by key
    private readonly Dictionary<KeyedLoop<TKey>, (int Hash, KeyedLoop<TKey>? Next)> _successors = []; // of leaving loops

    public int Count
    {
        get
        {
            lock (_gate)
                return _loops.Count;
        }
    }

    public KeyedLoop<TKey>[] ToArray()
    {
        lock (_gate)
            return [.. _loops];
    }

    public KeyedLoop<TKey>? Find(TKey key) => Find(key, HashOf(key));

    /// <summary>Adds a loop under its key.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="mayStart">
    /// False: a loop of the same key is still leaving. <see cref="Forget"/> returns this one when it ends.
    /// </param>
    /// <returns>False when the key is already in the table.</returns>
    public bool TryAdd(KeyedLoop<TKey> loop, out bool mayStart)
    {
        mayStart = true;
        var hash = HashOf(loop.Key);
        var (others, leaving) = (new Loops(), new Loops());
        while (true)
        {
            Loops othersNow, leavingNow;
            lock (_gate)
            {
                (othersNow, leavingNow) = (WithHash(_loops, hash), WithHash(_leaving, hash));
                // Every loop that may have the same key has been compared.
                if (othersNow.AreSame(others) && leavingNow.AreSame(leaving))
                {
                    _loops.GetAlternateLookup<Known>().Add(new(loop, hash));
                    mayStart = !MakeSuccessor(loop, leaving);
                    return true;
                }
            }

            if (othersNow.FirstOf(loop.Key) is { } present && IsStillThere(present, hash, isByHand: !loop.IsFromSource))
                return false;
            (others, leaving) = (othersNow, leavingNow);
            leaving.Compare(loop.Key);
        }
    }

    /// <summary>Removes a key. Its loop is leaving until <see cref="Forget"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="onlyFromSource">True: a key that was added by hand stays.</param>
    /// <returns>Its loop; null when the key is not in the table or stays.</returns>
    public KeyedLoop<TKey>? Remove(TKey key, bool onlyFromSource)
    {
        var hash = HashOf(key);
        if (Find(key, hash) is not { } loop)
            return null;
        lock (_gate)
        {
            if (onlyFromSource && !loop.IsFromSource)
                return null;
            if (!_loops.GetAlternateLookup<Known>().Remove(new(loop, hash)))
                return null; // another thread has removed it
            _leaving.GetAlternateLookup<Known>().Add(new(loop, hash));
            _successors.Add(loop, (hash, null));
            if (_loops.Capacity > SmallTable && _loops.Count < _loops.Capacity / 4)
                _loops.TrimExcess(_loops.Count * 2);
            return loop;
        }
    }

    /// <summary>Forgets a leaving loop that has ended.</summary>
    /// <returns>The loop of the same key that may start now; null: none.</returns>
    public KeyedLoop<TKey>? Forget(KeyedLoop<TKey> loop)
    {
        lock (_gate)
        {
            if (!_successors.Remove(loop, out var left))
                return null;
            _leaving.GetAlternateLookup<Known>().Remove(new(loop, left.Hash));
            return left.Next is { } next && !_successors.Values.Any(other => other.Next == next) ? next : null;
        }
    }

    private static int HashOf(TKey key) => EqualityComparer<TKey>.Default.GetHashCode(key);

    private KeyedLoop<TKey>? Find(TKey key, int hash)
    {
        Loops found;
        lock (_gate)
            found = WithHash(_loops, hash);
        return found.FirstOf(key);
    }

    private static Loops WithHash(HashSet<KeyedLoop<TKey>> loops, int hash)
    {
        var found = new Loops();
        loops.GetAlternateLookup<Probe>().Contains(new(hash, ref found));
        return found;
    }

    // A key that is also added by hand is no longer removed with its source.
    private bool IsStillThere(KeyedLoop<TKey> present, int hash, bool isByHand)
    {
        lock (_gate)
        {
            var isThere = _loops.GetAlternateLookup<Known>().Contains(new(present, hash));
            if (isThere && isByHand)
                present.IsFromSource = false;
            return isThere;
        }
    }

    private bool MakeSuccessor(KeyedLoop<TKey> loop, Loops leaving)
    {
        var waits = false;
        foreach (var before in leaving.OfSameKey)
        {
            _successors[before] = _successors[before] with { Next = loop };
            waits = true;
        }
        return waits;
    }

    /// <summary>Loops whose keys have the same hash: usually none or one.</summary>
    private struct Loops
    {
        private KeyedLoop<TKey>? _first;
        private List<KeyedLoop<TKey>>? _others;

        public List<KeyedLoop<TKey>> OfSameKey { get => field ?? []; private set; }

        public void Add(KeyedLoop<TKey> loop)
        {
            if (_first is null)
                _first = loop;
            else
                (_others ??= []).Add(loop);
        }

        public readonly bool AreSame(in Loops others) => _first == others._first
            && (_others?.Count ?? 0) == (others._others?.Count ?? 0)
            && (_others is null || _others.SequenceEqual(others._others!));

        public readonly KeyedLoop<TKey>? FirstOf(TKey key)
        {
            if (_first is null || EqualityComparer<TKey>.Default.Equals(key, _first.Key))
                return _first;
            return _others?.Find(loop => EqualityComparer<TKey>.Default.Equals(key, loop.Key));
        }

        public void Compare(TKey key)
        {
            if (_first is null)
                return;
            var all = new[] { _first }.Concat(_others ?? []);
            OfSameKey = [.. all.Where(loop => EqualityComparer<TKey>.Default.Equals(key, loop.Key))];
        }
    }

    /// <summary>Collects every loop with a hash: it equals none of them, so the set compares it with all.</summary>
    private readonly ref struct Probe(int hash, ref Loops found)
    {
        private readonly ref Loops _found = ref found;

        public int Hash => hash;

        public void Collect(KeyedLoop<TKey> loop) => _found.Add(loop);
    }

    /// <summary>A loop whose hash is known.</summary>
    private readonly record struct Known(KeyedLoop<TKey> Loop, int Hash);

    private sealed class LoopComparer :
        IEqualityComparer<KeyedLoop<TKey>>,
        IAlternateEqualityComparer<Probe, KeyedLoop<TKey>>,
        IAlternateEqualityComparer<Known, KeyedLoop<TKey>>
    {
        public static LoopComparer Instance { get; } = new();

        // Loops are added and removed only with a known hash.
        public int GetHashCode(KeyedLoop<TKey> loop) => throw new NotSupportedException();

        public bool Equals(KeyedLoop<TKey>? one, KeyedLoop<TKey>? other) => ReferenceEquals(one, other);

        public int GetHashCode(Probe probe) => probe.Hash;

        public bool Equals(Probe probe, KeyedLoop<TKey> loop)
        {
            probe.Collect(loop);
            return false;
        }

        public KeyedLoop<TKey> Create(Probe probe) => throw new NotSupportedException();

        public int GetHashCode(Known known) => known.Hash;

        public bool Equals(Known known, KeyedLoop<TKey> loop) => ReferenceEquals(known.Loop, loop);

        public KeyedLoop<TKey> Create(Known known) => known.Loop;
    }
}
