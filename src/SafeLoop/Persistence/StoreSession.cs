using System.Collections.Concurrent;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>What this host shares with its store: loaded states, claimed slots, and outcomes to save.</summary>
/// <remarks>Thread-safe. The worker of the session calls the store; only claims call it within an iteration.</remarks>
internal sealed class StoreSession : ILoopStore
{
    private readonly ConcurrentDictionary<string, StoredLoop> _loaded = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, RememberedSlots> _slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly StoreWorker _worker;
    private readonly StoreClient _client;
    private int _calling;

    /// <param name="store">The store.</param>
    /// <param name="pacemaker">Wakes the worker.</param>
    /// <param name="observers">Receives faults.</param>
    /// <param name="application">The name of the application.</param>
    /// <param name="retention">How long what is kept.</param>
    public StoreSession(
        IRecurringTaskStore store, Pacemaker pacemaker, LoopObservers observers, string application, StoreRetention retention)
    {
        _client = new StoreClient(store, pacemaker.Time, observers, application);
        Journal = new HistoryJournal(pacemaker.Time, () => _worker!.Wake());
        Erasures = new KeyErasures(
            _client, () => _worker!.Tasks, (task, key) => _worker!.Erase(task, key), () => _worker!.Wake());
        Commands = new StoreCommands(
            _client, new CommandExecutor(() => _worker!.Tasks), Erasures, () => _worker!.Wake());
        _worker = new StoreWorker(this, _client, retention, pacemaker);
    }

    /// <summary>What has happened and is not saved yet.</summary>
    public HistoryJournal Journal { get; }

    /// <summary>Commands to other hosts, and from them.</summary>
    public StoreCommands Commands { get; }

    /// <summary>Keys to be erased.</summary>
    public KeyErasures Erasures { get; }

    /// <summary>The remembered slots of all tasks that survive restarts.</summary>
    public IEnumerable<RememberedSlots> Slots => _slots.Values;

    /// <summary>Why the store does not answer, as a sentence; null when it does.</summary>
    public string? Problem => _client.Problem;

    /// <summary>True while a call to the store is under way, or is about to begin.</summary>
    public bool IsBusy => _worker.IsBusy || Volatile.Read(ref _calling) > 0;

    /// <summary>Called when a call to the store has ended; null: no listener.</summary>
    public Action? BecameIdle
    {
        get => _worker.BecameIdle;
        set => _worker.BecameIdle = value;
    }

    /// <summary>Connects to the store in the background and loads what is stored of the tasks.</summary>
    public void Start(RecurringTasks tasks) => _worker.Start(tasks);

    public bool CanBegin(RecurringTask task) =>
        _worker.HasLoaded(task.Name) || (task.Options.SurviveRestarts is null && _worker.HasGivenUp);

    public StoredLoop? TakeLoaded(string task) => _loaded.TryRemove(task, out var stored) ? stored : null;

    public void Reserve(RecurringTask task, Instant slot) => SlotsOf(task.Name).Reserve(slot);

    public async ValueTask<bool> TryClaimAsync(RecurringTask task, Instant slot, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calling);
        try
        {
            return await SlotsOf(task.Name).TryClaimAsync(slot, cancellationToken).ConfigureAwait(false);
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
    public void ReadCommandsSoon() => _worker.BeatSoon();

    public void SaveChange(string task, TaskChange? change, string? reason) => Send(new()
    {
        TaskName = task,
        Kind = TaskCommandKind.Change,
        Options = change?.Options,
        Fingerprint = change?.Fingerprint,
        Reason = reason,
    });

    public void OnOptionsChanged(string task) => _worker.OnOptionsChanged(task);

    public void OnRemoved(string task) => _worker.OnRemoved(task);

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
        if (stored.Key is null)
            _loaded[stored.TaskName] = stored;
    }

    /// <summary>Records the outcome of a slot of a task that survives restarts.</summary>
    public void Record(HistoryEntry entry)
    {
        SlotsOf(entry.TaskName).Add(entry);
        _worker.Wake();
    }

    /// <summary>True when this host has claimed the slot, or has asked for it without an answer.</summary>
    public bool HasClaim(string task, DateTimeOffset slot) =>
        _slots.TryGetValue(task, out var slots) && slots.HasClaim(slot);

    /// <summary>True when the slots of the task are remembered.</summary>
    public bool Remembers(TaskJournal task) => _worker.Tasks is { } tasks && task.IsRemembered(tasks);

    /// <summary>Calls the store never again, as if the process had ended.</summary>
    public void Abandon() => _client.Abandon();

    /// <summary>Saves everything and disconnects, within a limit.</summary>
    public ValueTask StopAsync(CancellationToken limit) => _worker.StopAsync(limit);

    private RememberedSlots SlotsOf(string task) =>
        _slots.GetOrAdd(task, static (name, session) => session.CreateSlots(name), this);

    private RememberedSlots CreateSlots(string task) =>
        new(task, _client, (first, last) => _worker.Tasks?.FindEntered(task)?.Task.Rules.CountAfter(first, last));
}
