namespace SafeLoop;

/// <summary>The table of keys: which loop belongs to which.</summary>
internal abstract class KeyedLoops<TKey>(LoopEnvironment environment, RecurringTaskFactory factory) : KeyedLoops(environment, factory)
    where TKey : notnull
{
    private static readonly StopRequest Removed = new(LoopEnd.Removed, OutcomeReason.Removed, "Removed.");

    // A larger table is made smaller again when most of its keys have gone.
    private const int SmallTable = 1024;

    private const int MostFound = 1000;

    private readonly HashSet<KeyedLoop<TKey>> _loops = new(SameKey<TKey>.Comparer); // the key is in the loop: a dictionary would hold it twice
    private readonly Dictionary<TKey, int> _leaving = []; // loops of keys that were removed and have not ended

    private HashSet<KeyedLoop<TKey>>.AlternateLookup<TKey> ByKey => _loops.GetAlternateLookup<TKey>();

    public override int Count
    {
        get
        {
            lock (Gate)
                return _loops.Count;
        }
    }

    public IReadOnlyCollection<TKey> Keys
    {
        get
        {
            lock (Gate)
                return [.. _loops.Select(static loop => loop.Key)];
        }
    }

    public bool Contains(TKey key)
    {
        ThrowIfNull(key);
        lock (Gate)
            return ByKey.Contains(key);
    }

    public bool TryAdd(TKey key) => TryAdd(key, isFromSource: false);

    public bool TryRemove(TKey key) => TryRemove(key, onlyFromSource: false);

    private bool TryRemove(TKey key, bool onlyFromSource)
    {
        ThrowIfNull(key);
        lock (Gate)
        {
            if (!ByKey.TryGetValue(key, out var loop) || (onlyFromSource && !loop.IsFromSource))
                return false;
            ByKey.Remove(key);
            _leaving[key] = _leaving.GetValueOrDefault(key) + 1; // first: it may end before we know that it has not
            if (!Stop(loop, Removed, () => Left(key)))
                Left(key);
            if (_loops.Capacity > SmallTable && _loops.Count < _loops.Capacity / 4)
                _loops.TrimExcess(_loops.Count * 2);
        }
        Definitions.Trim();
        return true;
    }

    public RecurringTaskHandle? Find(TKey key)
    {
        ThrowIfNull(key);
        KeyedLoop<TKey>? loop;
        lock (Gate)
        {
            if (!ByKey.TryGetValue(key, out loop))
                return null;
        }
        if (HandleOf(loop) is { } handle)
            return handle;
        return loop.State is KeyedLoopState.NotStarted or KeyedLoopState.Removed ? null : new(new KeyControl(this, loop));
    }

    public IReadOnlyList<KeySnapshot<TKey>> FindFailing(int limit) =>
        Find(limit, static key => key is { Failures: > 0, End: null or LoopEnd.Failures }, static key => key.Failures);

    public IReadOnlyList<KeySnapshot<TKey>> FindSlowest(int limit) =>
        Find(
            limit,
            static key => key.Memory.Iterations > 0,
            static key => Math.Max(key.Memory.Elapsed.Ticks, key.RunningFor.Ticks));

    public IReadOnlyList<KeySnapshot<TKey>> FindPaused(int limit) =>
        Find(limit, static key => key is { IsPausedAlone: true, End: null }, static _ => 0);

    /// <summary>Adds the keys that are new in the source, and removes those that were there and are no longer. Keys added by hand stay.</summary>
    public void Follow(IReadOnlySet<TKey> source)
    {
        foreach (var key in source)
            TryAdd(key, isFromSource: true);
        foreach (var gone in All().Cast<KeyedLoop<TKey>>().Where(loop => loop.IsFromSource && !source.Contains(loop.Key)))
            TryRemove(gone.Key, onlyFromSource: true); // it may have been added by hand since
    }

    public override IReadOnlyCollection<KeyedLoop> All()
    {
        lock (Gate)
            return [.. _loops];
    }

    public override void HasEnded(KeyedLoop loop, bool wasKept)
    {
        base.HasEnded(loop, wasKept);
        if (!wasKept && loop.State is KeyedLoopState.Removed)
            Left(((KeyedLoop<TKey>)loop).Key);
    }

    private KeySnapshot<TKey>[] Find(int limit, Func<KeyLook, bool> isSought, Func<KeyLook, long> rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostFound);
        return [.. TopKeys.Of(Look().Where(isSought), rank, limit).Select(key => KeyStates.Snapshot(this, key))];
    }

    private bool TryAdd(TKey key, bool isFromSource)
    {
        ThrowIfNull(key);
        var loop = new KeyedLoop<TKey>(Definitions.Common, key) { IsFromSource = isFromSource };
        lock (Gate)
        {
            if (!_loops.Add(loop))
            {
                if (!isFromSource && ByKey.TryGetValue(key, out var present))
                    present.IsFromSource = false; // also added by hand, and stays
                return false;
            }
            if (!IsStarted || _leaving.ContainsKey(key))
                return true;
        }
        StartHere(loop);
        return true;
    }

    // Not ArgumentNullException.ThrowIfNull, which boxes a key that is a value.
    private static void ThrowIfNull(TKey key)
    {
        if (key is null)
            throw new ArgumentNullException(nameof(key));
    }

    // Two loops of one key never run at a time: the next one starts now.
    private void Left(TKey key)
    {
        KeyedLoop<TKey>? next;
        lock (Gate)
        {
            if (!_leaving.TryGetValue(key, out var count))
                return;
            if (count > 1)
            {
                _leaving[key] = count - 1;
                return;
            }
            _leaving.Remove(key);
            if (!IsStarted || !ByKey.TryGetValue(key, out next))
                return;
        }
        Start(next);
    }
}
