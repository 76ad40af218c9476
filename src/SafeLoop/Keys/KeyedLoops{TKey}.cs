namespace SafeLoop;

/// <summary>The keys of a task: add, remove and find.</summary>
internal abstract class KeyedLoops<TKey>(LoopEnvironment environment, RecurringTaskFactory factory) : KeyedLoops(environment, factory)
    where TKey : notnull
{
    private static readonly StopRequest Removed = new(LoopEnd.Removed, OutcomeReason.Removed, "Removed.");

    private const int MostFound = 1000;

    private readonly KeyTable<TKey> _table = new();

    public override int Count => _table.Count;

    public override Type KeyType => typeof(TKey);

    public IReadOnlyCollection<TKey> Keys => [.. _table.ToArray().Select(static loop => loop.Key)];

    public bool Contains(TKey key)
    {
        ThrowIfNull(key);
        return _table.Find(key) is not null;
    }

    public bool TryAdd(TKey key) => TryAdd(key, isFromSource: false);

    public bool TryRemove(TKey key) => TryRemove(key, onlyFromSource: false);

    private bool TryRemove(TKey key, bool onlyFromSource)
    {
        ThrowIfNull(key);
        if (_table.Remove(key, onlyFromSource) is not { } loop)
            return false;
        if (!Stop(loop, Removed, () => OnLeft(loop)))
            OnLeft(loop);
        Definitions.Trim();
        return true;
    }

    public RecurringTaskHandle? Find(TKey key)
    {
        ThrowIfNull(key);
        if (_table.Find(key) is not { } loop)
            return null;
        if (ControlOf(loop) is { } control)
            return control.Handle;
        return loop.State is KeyedLoopState.Removed || loop is { State: KeyedLoopState.NotStarted, CanStart: false } ? null : new(new KeyControl(this, loop));
    }

    public IReadOnlyList<KeySnapshot<TKey>> FindFailing(int limit) =>
        Find(limit, static key => key is { Failures: > 0, End: null or LoopEnd.Failures }, static key => key.Failures);

    public IReadOnlyList<KeySnapshot<TKey>> FindSlowest(int limit) =>
        Find(
            limit,
            static key => key.State.Iterations > 0,
            static key => Math.Max(key.State.Elapsed.Ticks, key.RunningFor.Ticks));

    public IReadOnlyList<KeySnapshot<TKey>> FindPaused(int limit) =>
        Find(limit, static key => key is { IsPausedAlone: true, End: null }, static _ => 0);

    /// <summary>
    /// Adds the keys that are new in the source, and removes those that were there and are no longer. Keys added by hand stay.
    /// </summary>
    public void Follow(IReadOnlySet<TKey> source)
    {
        foreach (var key in source)
            TryAdd(key, isFromSource: true);
        foreach (var gone in _table.ToArray().Where(loop => loop.IsFromSource && !source.Contains(loop.Key)))
            TryRemove(gone.Key, onlyFromSource: true); // a key may have been added by hand meanwhile
    }

    public override IReadOnlyCollection<KeyedLoop> All() => _table.ToArray();

    public override void OnEnded(KeyedLoop loop, bool wasPinned)
    {
        base.OnEnded(loop, wasPinned);
        if (!wasPinned && loop.State is KeyedLoopState.Removed)
            OnLeft((KeyedLoop<TKey>)loop);
    }

    private KeySnapshot<TKey>[] Find(int limit, Func<KeyLook, bool> isSought, Func<KeyLook, long> rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostFound);
        return [.. TopKeys.Select(Look().Where(isSought), rank, limit).Select(key => KeyStates.Snapshot(this, key))];
    }

    private bool TryAdd(TKey key, bool isFromSource)
    {
        ThrowIfNull(key);
        var loop = new KeyedLoop<TKey>(Definitions.Common, key) { IsFromSource = isFromSource };
        if (!_table.TryAdd(loop, out var mayStart))
            return false;
        if (IsStarted && mayStart)
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
    private void OnLeft(KeyedLoop<TKey> loop)
    {
        if (_table.Forget(loop) is { } next && IsStarted)
            Start(next);
    }
}
