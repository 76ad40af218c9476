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
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RecurringTasks? _tasks;
    private int _requested; // wake-ups, so that one that comes during a turn leaves no gap in which the worker looks idle
    private int _done;
    private volatile bool _hasGivenUp;
    private bool _isConnected;
    private long _startedAt;
    private long _beatAt;
    private long? _lastBeat;
    private long _deleteAt;
    private long _connectAt = long.MinValue;
    private long _batches;
    private StoreBatch? _unsaved;
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

    /// <summary>True when what is stored of a task has been loaded. Otherwise it is loaded from now on.</summary>
    public bool HasLoaded(string task)
    {
        if (_names.TryGetValue(task, out var isLoaded))
            return isLoaded;
        if (_names.TryAdd(task, false))
            Wake();
        return false;
    }

    public async ValueTask StopAsync(CancellationToken limit)
    {
        if (_tasks is null || _stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _wait.Stop();
        await _ended.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_ended.Task.IsCompleted || !_isConnected || limit.IsCancellationRequested)
            return;
        try
        {
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
        {
            await client.RunAsync((store, token) => store.ConnectAsync(client.Instance, token), cancellationToken)
                .ConfigureAwait(false);
            _isConnected = true;
        }
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await session.Commands.SendAllAsync(cancellationToken).ConfigureAwait(false);
        if (time.GetTimestamp() >= _beatAt)
            await BeatAsync(cancellationToken).ConfigureAwait(false);
        await SaveAsync(isLast: false, cancellationToken).ConfigureAwait(false);
        if (time.GetTimestamp() >= _deleteAt)
            await DeleteExpiredAsync(cancellationToken).ConfigureAwait(false);
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
        foreach (var task in _tasks!.All)
            _names.TryAdd(task.Name, false);
        var groups = _names.Where(name => !name.Value).Select(name => _tasks.FindEntered(name.Key)).OfType<TaskGroup>().ToList();
        if (groups.Count == 0)
            return;
        var tasks = groups.ConvertAll(group => new StoredTask
        {
            Name = group.Name,
            IsKeyed = group is not TaskLoop,
            Schedule = group.Task.Options.ScheduleText,
        });
        var loops = await client.CallAsync((store, token) => store.LoadAsync(tasks, token), cancellationToken)
            .ConfigureAwait(false);
        foreach (var loop in loops)
            session.AddLoaded(loop);
        foreach (var group in groups)
        {
            _names[group.Name] = true;
            group.Begin();
        }
    }

    private async ValueTask BeatAsync(CancellationToken cancellationToken)
    {
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
            (_isConnected, _batches) = (false, 0);
            _beatAt = 0;
            return;
        }
        foreach (var claim in pulse.Lost)
            session.Journal.CountLost(claim);
        await session.Commands.ExecuteAsync(pulse, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SaveAsync(bool isLast, CancellationToken cancellationToken)
    {
        foreach (var slots in session.Slots)
        {
            if (slots.HasOutcomes)
                await slots.RecordAsync(cancellationToken).ConfigureAwait(false);
        }
        while ((_unsaved ??= session.Journal.TakeBatch(pacemaker.Time.GetTimestamp(), isLast)) is { } batch)
        {
            batch = batch with { Instance = client.Instance.Id, Number = _batches + 1 };
            await client.RunAsync((store, token) => store.SaveAsync(batch, token), cancellationToken).ConfigureAwait(false);
            (_unsaved, _batches) = (null, _batches + 1);
        }
    }

    private void GiveUp()
    {
        if (_hasGivenUp)
            return;
        _hasGivenUp = true;
        _tasks!.Begin();
    }
}
