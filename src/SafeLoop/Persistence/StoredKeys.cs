using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// The keys of a task of which the store has a row, and what was loaded of keys that this host does not have yet.
/// </summary>
/// <remarks>Thread-safe. The text of a key is read under no lock, because <c>ToString</c> is user code.</remarks>
internal sealed class StoredKeys(string task, TaskJournal journal, LoopObservers observers, Func<RecurringTasks?> tasks)
{
    // Less than 50 MB. Keys that are paused come first, then those that are failing.
    private const int MostWaiting = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredLoop> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<LoopId, StoredKey> _keys = [];
    private readonly Dictionary<string, LoopId> _owners = new(StringComparer.Ordinal);
    private readonly KeyFaults _faults = new(task, observers);
    private volatile bool _hasWaiting;
    private volatile bool _hasKeys;
    private TaskGroup? _group;

    public string TaskName => task;

    /// <summary>What has happened to the task.</summary>
    public TaskJournal Journal => journal;

    /// <summary>True when the slots of the keys are remembered.</summary>
    public bool AreRemembered => (_group ??= tasks()?.FindEntered(task))?.Task.Options.SurviveRestarts is not null;

    /// <summary>True when something was loaded of keys that were not restored yet.</summary>
    public bool HasWaiting => _hasWaiting;

    /// <summary>Adds what was loaded of a key.</summary>
    public void AddLoaded(StoredLoop stored)
    {
        lock (_gate)
        {
            if (!_owners.ContainsKey(stored.Key!)) // after a reconnect, the state of this host is newer
                _waiting[stored.Key!] = stored;
            _hasWaiting = _waiting.Count > 0;
        }
    }

    /// <summary>Limits what is kept of keys that this host does not have. Their rows stay in the store.</summary>
    public void Limit()
    {
        var dropped = 0;
        lock (_gate)
        {
            if (_waiting.Count > MostWaiting)
            {
                var least = _waiting.Values.OrderByDescending(static stored => stored.Pause is not null)
                    .ThenByDescending(static stored => stored.ConsecutiveFailures > 0).Skip(MostWaiting).ToList();
                least.ForEach(stored => _waiting.Remove(stored.Key!));
                dropped = least.Count;
            }
        }
        if (dropped > 0)
            _faults.ReportDropped(dropped, MostWaiting);
    }

    /// <summary>Restores what was loaded of a key, once.</summary>
    /// <returns>What was restored, and the text of the key; null: nothing.</returns>
    public (string Text, StoredLoop Stored)? Restore(IKeyed key, Action<StoredLoop> apply)
    {
        if (!_hasWaiting || ReadText(key) is not { } text)
            return null;
        var areRemembered = AreRemembered;
        lock (_gate) // until it is applied: another thread that begins the loop waits
        {
            if (!_waiting.TryGetValue(text, out var stored))
                return null;
            if (!_owners.TryGetValue(text, out var owner) || owner == key.Id)
            {
                _waiting.Remove(text);
                var isOnlyRemembered = stored is { Pause: null, End: null, ConsecutiveFailures: 0 } && areRemembered;
                Enter(key.Id, new(text, HasRow: !isOnlyRemembered, HasEnd: false));
                apply(stored);
                _hasWaiting = _waiting.Count > 0; // last: others read it without the lock
                return (text, stored);
            }
        }
        _faults.ReportSameText(text);
        return null;
    }

    /// <summary>Drops what was loaded of a key that is erased.</summary>
    public void Drop(string text)
    {
        lock (_gate)
        {
            _waiting.Remove(text);
            _hasWaiting = _waiting.Count > 0;
        }
    }

    /// <summary>Sets what is restored when a key is added that this host does not have, or has no longer.</summary>
    public void SetPause(string text, TaskPause? pause)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(text, out var stored))
            {
                if (pause is null || _waiting.Count >= MostWaiting)
                    return;
                stored = new() { TaskName = task, Key = text };
            }
            _waiting[text] = stored with { Pause = pause };
            _hasWaiting = true;
        }
    }

    /// <summary>The text of a key, by which the store has it from now on.</summary>
    /// <returns>Null when nothing can be stored of the key; the reason was reported.</returns>
    public string? Identify(IKeyed key)
    {
        if (ReadText(key) is not { } text)
            return null;
        lock (_gate)
        {
            if (_keys.TryGetValue(key.Id, out var known) && known.Text == text)
                return text;
            if (known.Text is null && !_owners.ContainsKey(text))
            {
                Enter(key.Id, new(text, HasRow: false, HasEnd: false));
                return text;
            }
        }
        if (Find(key.Id) is { } before)
            _faults.ReportOtherText(before.Text, text);
        else
            _faults.ReportSameText(text);
        return null;
    }

    /// <summary>Reads the text of a key that needs no row.</summary>
    /// <returns>Null when it has none; the reason was reported.</returns>
    public string? ReadText(IKeyed key)
    {
        using var call = observers.Calls.Enter("the text of its key", key);
        if (!KeyText.TryRead(key.Key, out var text, out var error))
        {
            _faults.ReportNoText(key.Key, error);
            return null;
        }
        if (!KeyText.RoundTrips(text))
            _faults.ReportLongText(text);
        return text;
    }

    /// <summary>A key that has a text in the store; null: it has none.</summary>
    public StoredKey? Find(LoopId loop)
    {
        if (!_hasKeys)
            return null;
        lock (_gate)
            return _keys.TryGetValue(loop, out var key) ? key : null;
    }

    /// <summary>Notes what the store has of a key that was identified.</summary>
    public void Set(LoopId loop, bool hasRow, bool hasEnd)
    {
        lock (_gate)
        {
            if (_keys.TryGetValue(loop, out var key))
                _keys[loop] = key with { HasRow = hasRow, HasEnd = hasEnd };
        }
    }

    /// <summary>Removes a key whose row the store needs no longer, or that was removed.</summary>
    public StoredKey? Remove(LoopId loop)
    {
        if (!_hasKeys)
            return null;
        lock (_gate)
        {
            if (!_keys.Remove(loop, out var key))
                return null;
            _owners.Remove(key.Text);
            _hasKeys = _keys.Count > 0;
            return key;
        }
    }

    /// <summary>Reports that two keys have a text that a command names.</summary>
    public void ReportAmbiguous(string text) => _faults.ReportSameText(text);

    private void Enter(LoopId loop, StoredKey key) => (_keys[loop], _owners[key.Text], _hasKeys) = (key, loop, true);
}
