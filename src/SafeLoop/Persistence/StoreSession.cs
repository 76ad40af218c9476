using System.Collections.Concurrent;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>What this host shares with its store: loaded states, claimed slots, and outcomes to save.</summary>
/// <remarks>Thread-safe. The worker of the session calls the store; only claims call it within an iteration.</remarks>
internal sealed class StoreSession : ILoopStore
{
    private readonly ConcurrentDictionary<string, StoredLoop> _loaded = new(StringComparer.OrdinalIgnoreCase);
    private readonly SlotClaims _claims;
    private readonly StoreWorker _worker;
    private readonly StoreHeartbeat _heartbeat;
    private readonly TaskLoads _loads;
    private readonly BatchSaver _batches;
    private readonly StoreClient _client;
    private readonly ConcurrentDictionary<string, StoredKeys> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly LoopObservers _observers;
    private readonly TimeProvider _time;
    private readonly IRecurringTaskStore _store;
    private readonly StoreRetention _retention;
    private volatile StoredKeys? _lastKeys; // most events of keys are of the task of the last one
    private int _calling;

    /// <param name="store">The store.</param>
    /// <param name="pacemaker">Wakes the worker.</param>
    /// <param name="observers">Receives faults.</param>
    /// <param name="application">The name of the application.</param>
    /// <param name="retention">How long each kind of row is kept.</param>
    /// <param name="sampler">Samples this host.</param>
    public StoreSession(
        IRecurringTaskStore store, Pacemaker pacemaker, LoopObservers observers, string application, StoreRetention retention,
        HostSampler sampler)
    {
        _client = new StoreClient(store, pacemaker.Time, observers, application);
        Journal = new HistoryJournal(pacemaker.Time, () => _worker!.Wake());
        Erasures = new KeyErasures(
            _client, () => _worker!.Tasks, Erase, () => _worker!.Wake());
        Commands = new StoreCommands(
            _client, new CommandExecutor(() => _worker!.Tasks, KeysOf), Erasures, () => _worker!.Wake());
        (_observers, _time) = (observers, pacemaker.Time);
        (_store, _retention) = (store, retention);
        KeyStates = new KeyStoreObserver(this);
        Slots = new RememberedLoops(CreateSlots);
        _claims = new SlotClaims(Slots, KeysOf);
        _loads = new TaskLoads(this, _client, () => _worker!.Wake());
        _batches = new BatchSaver(Journal, _client, pacemaker.Time);
        _heartbeat = new StoreHeartbeat(_client, () => Commands.Last, () => _worker!.Wake(), sampler, pacemaker);
        _worker = new StoreWorker(this, _client, _heartbeat, _loads, _batches, retention, pacemaker);
    }

    /// <summary>Outcomes and states that are not saved yet.</summary>
    public HistoryJournal Journal { get; }

    /// <summary>Commands to other hosts, and from them.</summary>
    public StoreCommands Commands { get; }

    /// <summary>Keys to be erased.</summary>
    public KeyErasures Erasures { get; }

    /// <summary>Saves failures, pauses and ends of keys.</summary>
    public KeyStoreObserver KeyStates { get; }

    /// <summary>The remembered slots of all tasks that survive restarts.</summary>
    public RememberedLoops Slots { get; }

    /// <summary>Why the store fails, as a sentence; null when it works.</summary>
    public string? Problem => _client.Problem;

    /// <summary>True while a call to the store is under way, or is about to begin.</summary>
    public bool IsBusy => _worker.IsBusy || _heartbeat.IsBusy || Volatile.Read(ref _calling) > 0;

    /// <summary>How many calls to the store have ended.</summary>
    public int EndedCalls => _client.Ended;

    /// <summary>Called when a call to the store has ended; null: no listener.</summary>
    public Action? BecameIdle
    {
        get => _worker.BecameIdle;
        set => _worker.BecameIdle = _heartbeat.BecameIdle = value;
    }

    /// <summary>What can never work in the registration of the store, as sentences.</summary>
    public IReadOnlyList<string> FindProblems()
    {
        using var call = _observers.Calls.Enter("the store", "SafeLoop");
        return [.. _retention.FindProblems(), .. _store.FindProblems()];
    }

    /// <summary>Connects to the store in the background and loads what is stored of the tasks.</summary>
    public void Start(RecurringTasks tasks) => _worker.Start(tasks);

    public bool CanBegin(RecurringTask task) =>
        _loads.HasLoaded(task.Name) || (task.Options.SurviveRestarts is null && _worker.HasBegunWithoutStore);

    public StoredLoop? TakeLoaded(string task) => _loaded.TryRemove(task, out var stored) ? stored : null;

    public bool HasKeys(string task) => _keys.TryGetValue(task, out var keys) && keys.HasWaiting;

    public void RestoreKey(IKeyed key, Action<StoredLoop> apply)
    {
        var keys = KeysOf(key.TaskName);
        if (keys.Restore(key, apply) is { } restored)
            KeyStates.OnRestored(keys, key.Id, restored.Text, restored.Stored);
    }

    public void LimitKeys(string task) => KeysOf(task).Limit();

    public void OnKeyRemoved(string task, LoopId loop, bool isMoved) => KeyStates.OnRemoved(KeysOf(task), loop, isMoved);

    /// <summary>The stored keys of a task.</summary>
    public StoredKeys KeysOf(string task)
    {
        if (_lastKeys is { } last && ReferenceEquals(last.TaskName, task))
            return last;
        return _lastKeys = _keys.GetOrAdd(
            task,
            static (name, session) => new StoredKeys(
                name, session.Journal.GetTask(name), session._observers, () => session._worker.Tasks),
            this);
    }

    public void Reserve(RecurringTask task, IKeyed? key, Instant slot) => _claims.Reserve(task, key, slot);

    public async ValueTask<bool> TryClaimAsync(
        RecurringTask task, IKeyed? key, Instant slot, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calling);
        try
        {
            return await _claims.TryClaimAsync(task, key, slot, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _calling);
            BecameIdle?.Invoke();
        }
    }

    /// <summary>Calls the store for a user, beside the worker. Throws what the store throws.</summary>
    /// <exception cref="TimeoutException">The store has not answered in time.</exception>
    public async Task<T> CallAsync<T>(
        Func<IRecurringTaskStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calling);
        try
        {
            return await _client.CallAsync(call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _calling);
            BecameIdle?.Invoke();
        }
    }

    /// <summary>Reads new commands soon, without waiting for the next heartbeat.</summary>
    public void ReadCommandsSoon() => _heartbeat.RequestBeat();

    public void SaveChange(string task, TaskChange? change, string? reason) => Send(new()
    {
        TaskName = task,
        Kind = TaskCommandKind.Change,
        Options = change?.Options,
        Fingerprint = change?.Fingerprint,
        Reason = reason,
    });

    public void OnOptionsChanged(string task) => _loads.OnOptionsChanged(task);

    public void OnRemoved(string task) => _loads.OnRemoved(task);

    public Task EraseAsync(string task, string key, CancellationToken cancellationToken) =>
        Erasures.EraseAsync(task, key, cancellationToken);

    public Task WhenSentAsync(CancellationToken cancellationToken) => Commands.WhenSentAsync(cancellationToken);

    /// <summary>Sends a command to the other hosts.</summary>
    public void Send(TaskCommand command)
    {
        Commands.Add(command);
        _worker.Wake();
    }

    /// <summary>Adds what was loaded of a task.</summary>
    public void AddLoaded(StoredLoop stored)
    {
        if (stored.Key is not null)
            KeysOf(stored.TaskName).AddLoaded(stored);
        else
            _loaded[stored.TaskName] = stored;
        if (stored.Key is null && _worker.Tasks?.FindEntered(stored.TaskName) is TaskLoop { Task.Options: var options }
            && options.SurviveRestarts is not null && (stored.LastSlot is null || stored.Schedule != options.ScheduleText))
            Slots.OnBeginning(stored);
        if (stored is { Key: null, End: not null })
            Journal.OnEndLoaded(stored.TaskName);
    }

    /// <summary>Records the outcome of a slot of a task that survives restarts.</summary>
    public void Record(HistoryEntry entry)
    {
        Slots.Add(entry);
        _worker.Wake();
    }

    /// <summary>True when the slots of the task are remembered.</summary>
    public bool Remembers(TaskJournal task) => _worker.Tasks is { } tasks && task.IsRemembered(tasks);

    /// <summary>Calls the store never again, as if the process had ended.</summary>
    public void Abandon() => _client.Abandon();

    /// <summary>Saves everything and disconnects, within a limit.</summary>
    public ValueTask StopAsync(CancellationToken limit) => _worker.StopAsync(limit);

    private void Erase(string task, string key)
    {
        KeysOf(task).Drop(key);
        _batches.Erase(task, key);
    }

    private RememberedSlots CreateSlots(string task, string? key) => new(
        task, key, _client, new MissingSlots(task, () => _worker.Tasks?.FindEntered(task)?.Task.Rules, _time));
}
