namespace SafeLoop;

/// <summary>Reads pages of the keys of a task. A call visits a bounded number of rows, however many keys there are.</summary>
internal static class KeyPages
{
    private const int MostVisited = 20_000;

    /// <exception cref="ArgumentException">The cursor is invalid.</exception>
    public static KeyPage Query(KeyedLoops all, KeyQuery query)
    {
        if (query.Order is not KeyOrder.None)
            return new() { Keys = FindTop(all, query) };
        var row = query.Cursor is null ? 0 : (int)PageRules.ReadCursor(query.Cursor, "keys", int.MaxValue);
        var keys = new List<RecurringTaskSnapshot>();
        var exact = query.Prefix is { Length: > 0 } text ? all.FindByText(text) : [];
        if (row == 0)
            keys.AddRange(exact.Select(key => Read(all, key, query)).OfType<RecurringTaskSnapshot>().Take(query.PageSize));
        for (var visited = 0; visited < MostVisited && keys.Count < query.PageSize; visited++)
        {
            if (!all.Rows.TryGetNext(ref row, out var loop))
                return new() { Keys = keys };
            if (!loop.IsNone && !IsAmong(exact, loop) && Read(all, loop, query) is { } found)
                keys.Add(found);
        }
        return new() { Keys = keys, Cursor = PageRules.FormatCursor(row) };
    }

    // Called for each row that is visited, so it allocates nothing.
    private static bool IsAmong(IReadOnlyList<IKeyed> keys, LoopId loop)
    {
        for (var at = 0; at < keys.Count; at++)
        {
            if (keys[at].Id == loop)
                return true;
        }
        return false;
    }

    private static RecurringTaskSnapshot[] FindTop(KeyedLoops all, KeyQuery query)
    {
        Func<KeyView, long> rank = query.Order is KeyOrder.Failures
            ? static key => key.Failures
            : static key => Math.Max(key.State.Elapsed.Ticks, key.RunningFor.Ticks);
        var found = all.ViewAll()
            .Where(key => Is(key, query.Filter) && (query.Prefix is null || HasPrefix(all, key, query.Prefix)));
        return
        [
            .. TopKeys.Select(found, rank, query.PageSize)
                .Select(key => all.KeyOf(key.Loop) is { } keyed ? KeyStates.Snapshot(all, keyed, key) : null)
                .OfType<RecurringTaskSnapshot>(),
        ];
    }

    private static RecurringTaskSnapshot? Read(KeyedLoops all, LoopId loop, KeyQuery query)
    {
        // The key is read last: most keys do not match a filter, and its text is user code.
        if (!TryView(all, loop, out var view) || !Is(view, query.Filter) || all.KeyOf(loop) is not { } key)
            return null;
        return query.Prefix is null || HasPrefix(key, query.Prefix) ? Snapshot(all, key, view) : null;
    }

    private static RecurringTaskSnapshot? Read(KeyedLoops all, IKeyed key, KeyQuery query) =>
        TryView(all, key.Id, out var view) && Is(view, query.Filter) ? Snapshot(all, key, view) : null;

    private static bool TryView(KeyedLoops all, LoopId loop, out KeyView view) =>
        KeyView.TryCreate(all.Group, loop, all.ControlOf(loop), out view) && view.RowState is not KeyedLoopState.Removed;

    private static RecurringTaskSnapshot Snapshot(KeyedLoops all, IKeyed key, in KeyView view) =>
        view.Control?.Snapshot() ?? KeyStates.Snapshot(all, key, view);

    private static bool Is(in KeyView key, LoopFilter filter) => filter switch
    {
        LoopFilter.Failing => key is { Failures: > 0, End: null or LoopEnd.Failures },
        LoopFilter.Paused => key is { IsPausedIndividually: true, End: null },
        LoopFilter.Ended => key.End is not (null or LoopEnd.Removed or LoopEnd.HostStopped or LoopEnd.Moved),
        LoopFilter.Running => key.Runner is { Running.Count: > 0 },
        _ => true,
    };

    private static bool HasPrefix(KeyedLoops all, in KeyView view, string prefix) =>
        all.KeyOf(view.Loop) is { } key && HasPrefix(key, prefix);

    private static bool HasPrefix(IKeyed key, string prefix) =>
        KeyText.TryRead(key.Key, out var text, out _) && text.StartsWith(prefix, StringComparison.Ordinal);
}
