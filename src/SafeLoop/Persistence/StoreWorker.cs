using System.Collections.Concurrent;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// Connects to the store, loads what is stored, sends the heartbeat, and saves outcomes. One at a time, so that the store gets
/// everything in order.
/// </summary>
internal sealed class StoreWorker(
    StoreSession session, StoreClient client, StoreRetention retention, Pacemaker pacemaker) : IThreadPoolWorkItem
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5), LostAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1), LastRetry = TimeSpan.FromSeconds(30);

    // A migration may be applied while the host is running.
    private static readonly TimeSpan BetweenAttemptsOfIncompatible = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstDeletion = TimeSpan.FromMinutes(10), BetweenDeletions = TimeSpan.FromHours(1);

    // Each deletes little, so that it holds no lock of the database for long.
    private static readonly TimeSpan BetweenPartsOfDeletion = TimeSpan.FromSeconds(1);

    private readonly LoopWait _wait = new(pacemaker);
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.OrdinalIgnoreCase); // true: loaded
    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.OrdinalIgnoreCase); // their options
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _hasRemoved;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RecurringTasks? _tasks;
    private int _requested; // wake-ups, so that one that comes during a turn leaves no gap in which the worker looks idle
    private int _done;
    private volatile bool _hasGivenUp;
    private bool _isConnected;
    private long _startedAt;
    private long _beatAt;
    private long? _lastBeat;
    private volatile bool _isBeatRequested;
    private long _deleteAt;
    private long _connectAt = long.MinValue;
    private long _batches;
    private (StoreBatch Batch, StoreInstance By)? _unsaved; // keeps its number until it is saved, because it may have been
    private TimeSpan _retry = FirstRetry;

    public RecurringTasks? Tasks => _tasks;

    public bool IsBusy => Volatile.Read(ref _done) != Volatile.Read(ref _requested) && !_ended.Task.IsCompleted;

    /// <summary>True when tasks without remembered slots do not wait for the store any longer.</summary>
    public bool HasGivenUp => _hasGivenUp;

    public Action? BecameIdle { get; set; }

    public void Start(RecurringTasks tasks)
    {
        if (Interlocked.CompareExchange(ref _tasks, tasks, null) is not null)
            return;
        _startedAt = pacemaker.Time.GetTimestamp();
        _deleteAt = pacemaker.Time.TimestampAfter(_startedAt, FirstDeletion);
        Interlocked.Increment(ref _requested);
        pacemaker.Dispatch(this);
    }

    public void Wake()
    {
        if (_tasks is null)
            return;
        Interlocked.Increment(ref _requested);
        _wait.Wake();
    }

    /// <summary>Sends the heartbeat now, which reads the commands.</summary>
    public void BeatSoon()
    {
        _isBeatRequested = true;
        Wake();
    }

    /// <summary>True when what is stored of a task has been loaded. Otherwise it is loaded from now on.</summary>
    public bool HasLoaded(string task)
    {
        if (_names.TryGetValue(task, out var isLoaded))
            return isLoaded;
        if (_names.TryAdd(task, false))
            Wake();
        return false;
    }

    /// <summary>Sends the schedule and the fingerprint of a task again.</summary>
    public void OnOptionsChanged(string task)
    {
        if (_names.TryGetValue(task, out var isLoaded) && isLoaded && _changed.TryAdd(task, true))
            Wake();
    }

    /// <summary>Drops what is not saved yet of a key. Called within a turn.</summary>
    public void Erase(string task, string key)
    {
        session.Journal.Erase(task, key);
        if (_unsaved is { } unsaved)
            _unsaved = (HistoryJournal.Without(unsaved.Batch, task, key), unsaved.By);
    }

    /// <summary>Loads the task again when it is added again.</summary>
    public void OnRemoved(string task)
    {
        _hasRemoved = true;
        _names.TryRemove(task, out _);
    }

    public async ValueTask StopAsync(CancellationToken limit)
    {
        if (_tasks is null || _stop.IsCancellationRequested)
            return;
        _wait.Stop(); // first: a turn that is cancelled would be followed by another
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_ended.Task.IsCompleted || !_isConnected || limit.IsCancellationRequested)
            return;
        try
        {
            await session.Commands.CompleteAsync(limit).ConfigureAwait(false);
            await SaveAsync(isLast: true, limit).ConfigureAwait(false);
            await client.RunAsync((store, token) => store.DisconnectAsync(client.Instance.Id, token), limit)
                .ConfigureAwait(false);
        }
        catch (Exception error) // the store is user code; what it did not take is lost with the process, and reported
        {
            client.Report(error);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        var next = long.MinValue;
        while (await _wait.UntilAsync(next).ConfigureAwait(false))
        {
            var requested = Interlocked.Increment(ref _requested);
            next = await TryTurnAsync().ConfigureAwait(false);
            Volatile.Write(ref _done, requested);
            BecameIdle?.Invoke();
        }
        _wait.Close();
        _ended.SetResult();
    }

    private async ValueTask<long> TryTurnAsync()
    {
        var time = pacemaker.Time;
        if (time.GetTimestamp() < _connectAt)
            return _connectAt;
        try
        {
            await TurnAsync(_stop.Token).ConfigureAwait(false);
            client.OnAllSaved();
            _retry = FirstRetry;
            var now = time.GetTimestamp();
            return Math.Min(Math.Min(_beatAt, _deleteAt), session.Journal.DueAt(now));
        }
        catch (Exception error) // the store is user code, and may fail in any way; the next turn tries again
        {
            if (_stop.IsCancellationRequested)
                return long.MinValue;
            client.Report(error);
            GiveUp();
            if (error is IncompatibleStoreException)
                return _connectAt = time.TimestampAfter(time.GetTimestamp(), BetweenAttemptsOfIncompatible);
            var wait = _retry;
            _retry = _retry * 2 < LastRetry ? _retry * 2 : LastRetry;
            return time.TimestampAfter(time.GetTimestamp(), wait);
        }
    }

    private async ValueTask TurnAsync(CancellationToken cancellationToken)
    {
        var time = pacemaker.Time;
        if (!_isConnected)
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await LoadChangedAsync(cancellationToken).ConfigureAwait(false);
        await session.Commands.SendAllAsync(cancellationToken).ConfigureAwait(false);
        await session.Erasures.EraseAllAsync(cancellationToken).ConfigureAwait(false);
        if (_isBeatRequested || time.GetTimestamp() >= _beatAt)
            await BeatAsync(cancellationToken).ConfigureAwait(false);
        if (!_isConnected)
            return; // it was taken for lost: the next turn connects under another id
        await session.Commands.SendResultsAsync(cancellationToken).ConfigureAwait(false);
        await SaveAsync(isLast: false, cancellationToken).ConfigureAwait(false);
        if (time.GetTimestamp() >= _deleteAt)
            await DeleteExpiredAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        // The batch of an id that was taken for lost. That it connects again matters only to a database that does not know it.
        if (_unsaved is { } old && old.By != client.Instance)
        {
            await client.RunAsync((store, token) => store.ConnectAsync(old.By, token), cancellationToken).ConfigureAwait(false);
            await SaveUnsavedAsync(cancellationToken).ConfigureAwait(false);
        }
        await client.RunAsync((store, token) => store.ConnectAsync(client.Instance, token), cancellationToken)
            .ConfigureAwait(false);
        (_isConnected, _batches) = (true, 0);
        foreach (var task in _tasks!.All) // one load of all; what is added later is loaded when it is to begin
            _names.TryAdd(task.Name, false);
    }

    private async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var isMoreLeft = await client.CallAsync((store, token) => store.DeleteExpiredAsync(retention, token), cancellationToken)
            .ConfigureAwait(false);
        _deleteAt = pacemaker.Time.TimestampAfter(
            pacemaker.Time.GetTimestamp(), isMoreLeft ? BetweenPartsOfDeletion : BetweenDeletions);
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        var groups = _names.Where(name => !name.Value).Select(name => _tasks!.FindEntered(name.Key)).OfType<TaskGroup>().ToList();
        if (groups.Count == 0)
            return;
        await session.Commands.OnLoadingAsync(cancellationToken).ConfigureAwait(false);
        if (_hasRemoved)
        {
            // A task that was removed and added again loads what it has left behind. The first call adds those that are new.
            await LoadAsync(groups, cancellationToken).ConfigureAwait(false);
            await session.Commands.SendAllAsync(cancellationToken).ConfigureAwait(false);
            await SaveAsync(isLast: true, cancellationToken).ConfigureAwait(false);
            _hasRemoved = false;
        }
        var loops = await LoadAsync(groups, cancellationToken).ConfigureAwait(false);
        foreach (var loop in loops)
        {
            session.AddLoaded(loop);
            if (loop is { Key: null, Change: { } change } && _tasks!.FindEntered(loop.TaskName) is TaskLoop task)
                task.RestoreChange(change); // before the schedule begins
        }
        foreach (var group in groups)
        {
            _names[group.Name] = true;
            if (group is TaskLoop { StoredChange: not null })
                OnOptionsChanged(group.Name);
            group.Begin();
        }
    }

    // Slots that are claimed from now on have the new schedule.
    private async ValueTask LoadChangedAsync(CancellationToken cancellationToken)
    {
        var names = _changed.Keys.ToList();
        var groups = names.Select(name => _tasks!.FindEntered(name)).OfType<TaskGroup>().ToList();
        if (names.Count == 0)
            return;
        foreach (var name in names)
            _changed.TryRemove(name, out _); // before the options are read: a later change is sent again
        var isSent = false;
        try
        {
            await LoadAsync(groups, cancellationToken).ConfigureAwait(false);
            isSent = true;
        }
        finally
        {
            foreach (var name in isSent ? [] : names)
                _changed.TryAdd(name, true);
        }
    }

    private ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(List<TaskGroup> groups, CancellationToken cancellationToken)
    {
        var tasks = groups.ConvertAll(group => new StoredTask
        {
            Name = group.Name,
            FormerName = group.Task.Options.FormerName,
            IsKeyed = group is not TaskLoop,
            Fingerprint = (group as TaskLoop)?.Fingerprint,
            Schedule = group.Task.Options.ScheduleText,
        });
        return client.CallAsync((store, token) => store.LoadAsync(tasks, token), cancellationToken);
    }

    private async ValueTask BeatAsync(CancellationToken cancellationToken)
    {
        _isBeatRequested = false; // first: a command that is sent from now on requests another one
        // After an outage of the store the others could not send their heartbeats either.
        var lostAfter = LostAfter + pacemaker.Time.GetElapsedTime(_lastBeat ?? _startedAt);
        var pulse = await client.CallAsync(
            (store, token) => store.BeatAsync(client.Instance.Id, session.Commands.Last, lostAfter, token), cancellationToken)
            .ConfigureAwait(false);
        _lastBeat = pacemaker.Time.GetTimestamp();
        _beatAt = pacemaker.Time.TimestampAfter(_lastBeat.Value, Beat);
        if (pulse.IsLost)
        {
            client.Renew();
            _isConnected = false;
            _beatAt = 0;
            return;
        }
        foreach (var claim in pulse.Lost)
        {
            client.ReportLost(claim);
            if (claim.Key is not null) // the store counts those of ordinary tasks
                session.Journal.CountLost(claim);
        }
        await session.Commands.ExecuteAsync(pulse, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SaveAsync(bool isLast, CancellationToken cancellationToken)
    {
        await session.Slots.RecordAllAsync(isLast ? null : TryBeatAsync, cancellationToken).ConfigureAwait(false);
        if (!_isConnected)
            return;
        do
            await SaveUnsavedAsync(cancellationToken).ConfigureAwait(false);
        while (TryTakeBatch(isLast));
    }

    private async ValueTask SaveUnsavedAsync(CancellationToken cancellationToken)
    {
        if (_unsaved is not { Batch: var batch })
            return;
        await client.RunAsync((store, token) => store.SaveAsync(batch, token), cancellationToken).ConfigureAwait(false);
        _unsaved = null;
    }

    private bool TryTakeBatch(bool isLast)
    {
        if (session.Journal.TakeBatch(pacemaker.Time.GetTimestamp(), isLast) is not { } batch)
            return false;
        _unsaved = (batch with { Instance = client.Instance.Id, Number = ++_batches }, client.Instance);
        return true;
    }

    private async ValueTask<bool> TryBeatAsync(CancellationToken cancellationToken)
    {
        if (pacemaker.Time.GetTimestamp() >= _beatAt)
            await BeatAsync(cancellationToken).ConfigureAwait(false);
        return _isConnected;
    }

    private void GiveUp()
    {
        if (_hasGivenUp)
            return;
        _hasGivenUp = true;
        _tasks!.Begin();
    }
}
