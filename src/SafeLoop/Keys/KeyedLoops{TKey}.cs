namespace SafeLoop;

/// <summary>The keys of a task: add, remove and find.</summary>
internal abstract class KeyedLoops<TKey> : KeyedLoops
    where TKey : notnull
{
    private static readonly StopRequest Removed = new(LoopEnd.Removed, OutcomeReason.Removed, "Removed.");

    private const int MostFound = 1000;

    private readonly KeyTable<TKey> _table;

    protected KeyedLoops(LoopEnvironment environment, RecurringTaskFactory factory)
        : base(environment, factory) => _table = new(Rows);

    public override int Count => _table.Count;

    public override Type KeyType => typeof(TKey);

    public IReadOnlyCollection<TKey> Keys => [.. _table.ToList().Select(static entry => entry.Key)];

    public bool Contains(TKey key)
    {
        ThrowIfNull(key);
        return !_table.Find(key).IsNone;
    }

    public bool TryAdd(TKey key)
    {
        ThrowIfNull(key);
        if (!IsInCluster)
            return Add(key, shard: null, isFromSource: false, memory: null);
        var shard = Shards.Find(key) ?? throw Shards.KeyIsElsewhere();
        if (!KeyText.TryRead(key, out var text, out _) || !KeyText.RoundTrips(text) || !KeyText.TryParse<TKey>(text, out _))
            throw Shards.KeyCannotMove(key);
        return Add(key, shard.Ownership, isFromSource: false, memory: null)
            || (shard.Ownership.IsClosed ? throw Shards.KeyIsElsewhere() : false);
    }

    public override bool TryAddMoved(ShardOwnership shard, LoopMemory memory)
    {
        if (!KeyText.TryParse<TKey>(memory.Key, out var key) || !shard.Shard.Contains(memory.Key))
            return false;
        Add(key, shard, isFromSource: !memory.IsAddedByHand, memory);
        return true;
    }

    public override bool Move(LoopId loop, StopRequest request)
    {
        if (!_table.Remove(loop))
            return false;
        if (Stop(loop, request, () => OnRemovedLoopEnded(loop), out _))
            return true;
        Shards.OnLoopEnded(loop);
        Records.Remove(loop);
        AfterReport(() => OnRemovedLoopEnded(loop));
        return true;
    }

    public bool TryRemove(TKey key) => TryRemove(key, onlyFromSource: false);

    public override bool TryRemove(LoopId loop)
    {
        if (!_table.Remove(loop))
            return false;
        OnRemoved(loop);
        return true;
    }

    public override bool TryAddByText(string text) =>
        KeyText.TryParse<TKey>(text, out var key) ? TryAdd(key)
            : throw new InvalidOperationException(
                $"The key '{LoopName.FormatKey(text)}' of recurring task '{Name}' cannot be read from its text: it is no "
                    + $"{typeof(TKey).Name}, or SafeLoop does not parse such keys. It parses string, int, long and Guid. "
                    + "Let the source given to KeysFrom yield the key.");

    private bool TryRemove(TKey key, bool onlyFromSource)
    {
        ThrowIfNull(key);
        if (_table.Remove(key, onlyFromSource) is not { IsNone: false } loop)
            return false;
        OnRemoved(loop);
        return true;
    }

    private void OnRemoved(LoopId loop)
    {
        if (!Stop(loop, Removed, () => OnRemovedLoopEnded(loop)))
            AfterReport(() => OnRemovedLoopEnded(loop));
        Definitions.Trim();
    }

    public RecurringTaskHandle? Find(TKey key)
    {
        ThrowIfNull(key);
        var loop = _table.Find(key);
        return HandleOf(new LoopKey<TKey>(Group).With(loop, key));
    }

    public override LoopId FindLoop(object key)
    {
        if (key is TKey own && _table.Find(own) is { IsNone: false } found)
            return found;
        if (key is not string text)
            return default;
        return FindByText(text) is [var named, ..]
            ? named.Id
            : _table.ToList().Find(entry => LoopName.FormatKey(entry.Key) == text).Loop; // it may come from a log
    }

    public override IReadOnlyList<IKeyed> FindByText(string text)
    {
        if (KeyText.TryParse<TKey>(text, out var parsed))
            return _table.Find(parsed) is { IsNone: false } found ? [new LoopKey<TKey>(Group).With(found, parsed)] : [];
        return
        [
            .. _table.ToList().Where(entry => KeyText.TryRead(entry.Key, out var own, out _) && own == text).Take(2)
                .Select(entry => new LoopKey<TKey>(Group).With(entry.Loop, entry.Key)),
        ];
    }

    public IReadOnlyList<KeySnapshot<TKey>> FindFailing(int limit) =>
        Find(limit, static key => key is { Failures: > 0, End: null or LoopEnd.Failures }, static key => key.Failures);

    public IReadOnlyList<KeySnapshot<TKey>> FindSlowest(int limit) =>
        Find(
            limit,
            static key => key.State.Iterations > 0,
            static key => Math.Max(key.State.Elapsed.Ticks, key.RunningFor.Ticks));

    public IReadOnlyList<KeySnapshot<TKey>> FindPaused(int limit) =>
        Find(limit, static key => key is { IsPausedIndividually: true, End: null }, static _ => 0);

    /// <summary>
    /// Adds the keys that are new in the source, and removes the keys that the source no longer has. Keys added by hand stay.
    /// </summary>
    /// <param name="source">The keys. Those of shards that are not open on this host are left out.</param>
    /// <param name="shards">The shards that were open when the reading began. Only they are complete.</param>
    public void Reconcile(IReadOnlySet<TKey> source, IReadOnlyCollection<OpenShard> shards)
    {
        foreach (var key in source)
            AddFromSource(key);
        RemoveGone(source, shards);
    }

    /// <summary>Adds a key that the source has yielded, if it is new and its shard is open here.</summary>
    public void AddFromSource(TKey key)
    {
        OpenShard? shard = null;
        if (IsInCluster && !Shards.TryFind(key, out shard))
            return;
        var memory = shard?.Arrivals.Find(key);
        if (Add(key, shard?.Ownership, isFromSource: memory is not { IsAddedByHand: true }, memory))
            shard?.Arrivals.OnAdded(memory);
    }

    /// <summary>Removes the keys that the source no longer has.</summary>
    /// <inheritdoc cref="Reconcile"/>
    public void RemoveGone(IReadOnlySet<TKey> source, IReadOnlyCollection<OpenShard> shards)
    {
        var (read, gone) = (shards.Select(static shard => shard.Ownership).ToHashSet(), new List<TKey>());
        ShardLoops.Visit(Rows, shard => shard is null || read.Contains(shard), (loop, _) =>
        {
            if (Rows.IsFromSource(loop) && _table.TryGetKey(loop, out var key) && !source.Contains(key))
                gone.Add(key);
        });
        foreach (var key in gone)
            TryRemove(key, onlyFromSource: true); // a key may have been added by hand meanwhile
        foreach (var shard in shards)
            Shards.OnRead(shard);
    }

    public override IKeyed? KeyOf(LoopId loop) =>
        _table.TryGetKey(loop, out var key) ? new LoopKey<TKey>(Group).With(loop, key) : null;

    public override IKeyed KeyOf(LoopId loop, IKeyed? reused) =>
        (CanKeepKeys || reused is not LoopKey<TKey> own ? new(Group) : own).With(loop, _table.KeyAt(loop.Row));

    public override void OnEnded(LoopId loop, bool wasPinned, bool isRemoved)
    {
        base.OnEnded(loop, wasPinned, isRemoved);
        if (!wasPinned && isRemoved)
            OnRemovedLoopEnded(loop);
    }

    private KeySnapshot<TKey>[] Find(int limit, Func<KeyView, bool> isSought, Func<KeyView, long> rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostFound);
        return [.. TopKeys.Select(ViewAll().Where(isSought), rank, limit).SelectMany(Snapshot)];
    }

    private IEnumerable<KeySnapshot<TKey>> Snapshot(KeyView view)
    {
        if (_table.TryGetKey(view.Loop, out var key))
            yield return KeyStates.Snapshot(this, key, view);
    }

    private bool Add(TKey key, ShardOwnership? shard, bool isFromSource, LoopMemory? memory)
    {
        var definition = Definitions.CommonOf(shard);
        if (!_table.TryAdd(key, definition, isFromSource, memory, out var loop, out var mayStart))
            return false;
        if (memory?.Pause is { } pause)
            Restorer.SetPause(loop, pause);
        if (Restorer.HasKeys)
            Restorer.Restore(new LoopKey<TKey>(Group).With(loop, key)); // before its first slot is planned
        if (IsStarted && mayStart)
            StartInline(loop);
        return true;
    }

    // Not ArgumentNullException.ThrowIfNull, which boxes a key that is a value.
    private static void ThrowIfNull(TKey key)
    {
        if (key is null)
            throw new ArgumentNullException(nameof(key));
    }

    // Two loops of one key never run at a time: the next one starts now.
    private void OnRemovedLoopEnded(LoopId loop)
    {
        Environment.Store?.OnKeyRemoved(Name, loop, isMoved: Rows.EndOf(loop) is LoopEnd.Moved);
        if (_table.RemoveEnded(loop) is not { IsNone: false } next)
            return;
        if (Restorer.HasKeys && KeyOf(next) is { } key)
            Restorer.Restore(key); // the loop before it may have been paused
        if (IsStarted)
            Start(next);
    }
}
