using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// Connects to the store, loads what is stored, executes commands, and saves outcomes. One at a time, so that the store gets
/// everything in order.
/// </summary>
internal sealed class StoreWorker(
    StoreSession session, StoreClient client, StoreHeartbeat heartbeat, TaskLoads loads, BatchSaver batches,
    StoreRetention retention, Pacemaker pacemaker) : StoreTurns(pacemaker)
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1), LongestRetryDelay = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstDeletion = TimeSpan.FromMinutes(10), BetweenDeletions = TimeSpan.FromHours(1);

    // Each deletes little, so that it holds no lock of the database for long.
    private static readonly TimeSpan BetweenPartsOfDeletion = TimeSpan.FromSeconds(1);

    private volatile RecurringTasks? _tasks;
    private volatile bool _hasBegunWithoutStore;
    private bool _isConnected;
    private bool _wasMarkedLost; // the last heartbeat found this host marked as lost
    private long _connectedAt;
    private long _deleteAt;
    private long _connectAt = long.MinValue;
    private TimeSpan _retryDelay = FirstRetryDelay;

    public RecurringTasks? Tasks => _tasks;

    /// <summary>True when tasks without <c>SurviveRestarts</c> have begun without their stored states.</summary>
    public bool HasBegunWithoutStore => _hasBegunWithoutStore;

    public void Start(RecurringTasks tasks)
    {
        if (Interlocked.CompareExchange(ref _tasks, tasks, null) is not null)
            return;
        _deleteAt = Pacemaker.Time.TimestampAfter(Pacemaker.Time.GetTimestamp(), FirstDeletion);
        heartbeat.Start(tasks);
        StartTurns();
    }

    public void Wake()
    {
        if (_tasks is not null)
            RequestTurn();
    }

    public async ValueTask StopAsync(CancellationToken limit)
    {
        if (Stopping.IsCancellationRequested)
            return;
        try
        {
            if (_tasks is not null)
                await SaveLastAsync(limit).ConfigureAwait(false);
        }
        finally
        {
            if (_tasks is not null)
                await heartbeat.StopAsync(limit).ConfigureAwait(false);
            session.Commands.Close();
            session.Erasures.Close();
        }
    }

    private async ValueTask SaveLastAsync(CancellationToken limit)
    {
        await StopTurnsAsync(limit).ConfigureAwait(false);
        if (!HasEnded || !_isConnected || limit.IsCancellationRequested)
            return;
        try
        {
            await session.Commands.CompleteAsync(limit).ConfigureAwait(false);
            await session.Erasures.EraseAllAsync(limit).ConfigureAwait(false);
            await SaveAsync(isLast: true, limit).ConfigureAwait(false);
            await heartbeat.StopAsync(limit).ConfigureAwait(false);
            await client.RunAsync((store, token) => store.DisconnectAsync(client.Instance.Id, token), limit)
                .ConfigureAwait(false);
        }
        catch (Exception error) // the store is user code; what it did not save is lost with the process
        {
            client.Report(error);
        }
    }

    protected override async ValueTask<long> TakeTurnAsync()
    {
        var time = Pacemaker.Time;
        if (time.GetTimestamp() < _connectAt)
            return _connectAt;
        try
        {
            await TurnAsync(Stopping).ConfigureAwait(false);
            client.OnAllSaved();
            _retryDelay = FirstRetryDelay;
            return _isConnected ? Math.Min(_deleteAt, session.Journal.DueAt(time.GetTimestamp())) : _connectAt;
        }
        catch (Exception error) // the store is user code, and may fail in any way; the next turn tries again
        {
            if (Stopping.IsCancellationRequested)
                return long.MinValue;
            client.Report(error);
            BeginWithoutStore();
            if (error is IncompatibleStoreException)
                return _connectAt = time.TimestampAfter(time.GetTimestamp(), StoreHeartbeat.IncompatiblePeriod);
            var wait = _retryDelay;
            _retryDelay = _retryDelay * 2 < LongestRetryDelay ? _retryDelay * 2 : LongestRetryDelay;
            return time.TimestampAfter(time.GetTimestamp(), wait);
        }
    }

    private async ValueTask TurnAsync(CancellationToken cancellationToken)
    {
        var time = Pacemaker.Time;
        if (!_isConnected)
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await loads.LoadAsync(_tasks!, SaveAllAsync, cancellationToken).ConfigureAwait(false);
        await loads.SendChangedAsync(_tasks!, cancellationToken).ConfigureAwait(false);
        await session.Commands.SendAllAsync(cancellationToken).ConfigureAwait(false);
        await session.Erasures.EraseAllAsync(cancellationToken).ConfigureAwait(false);
        if (heartbeat.Take() is { } result)
            await ProcessAsync(result, cancellationToken).ConfigureAwait(false);
        if (!_isConnected)
            return; // it was marked as lost: the next turn connects under another id
        await session.Commands.SendResultsAsync(cancellationToken).ConfigureAwait(false);
        await SaveAsync(isLast: false, cancellationToken).ConfigureAwait(false);
        if (time.GetTimestamp() >= _deleteAt)
            await DeleteExpiredAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        await batches.SaveOfFormerIdAsync(cancellationToken).ConfigureAwait(false);
        await client.RunAsync((store, token) => store.ConnectAsync(client.Instance, token), cancellationToken)
            .ConfigureAwait(false);
        (_isConnected, _connectedAt) = (true, Pacemaker.Time.GetTimestamp());
        batches.OnConnected();
        loads.AddAll(_tasks!);
        heartbeat.OnConnected();
    }

    private async ValueTask DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var isMoreLeft = await client.CallAsync((store, token) => store.DeleteExpiredAsync(retention, token), cancellationToken)
            .ConfigureAwait(false);
        _deleteAt = Pacemaker.Time.TimestampAfter(
            Pacemaker.Time.GetTimestamp(), isMoreLeft ? BetweenPartsOfDeletion : BetweenDeletions);
    }

    private async ValueTask ProcessAsync(HeartbeatResult result, CancellationToken cancellationToken)
    {
        foreach (var claim in result.Lost)
        {
            client.ReportLost(claim);
            if (claim.Key is not null) // the store counts those of ordinary tasks
                session.Journal.CountLost(claim);
        }
        if (!result.IsLost)
        {
            _wasMarkedLost = false;
            await session.Commands.ExecuteAsync(result, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (_wasMarkedLost)
        {
            client.Report(new InvalidOperationException(
                "It marks each new id of this host as lost. Correct the clock of the database"));
        }
        client.Renew();
        (_isConnected, _wasMarkedLost) = (false, true);
        // At once, but no more than once per heartbeat where the store marks each new id as lost.
        _connectAt = Pacemaker.Time.TimestampAfter(_connectedAt, StoreHeartbeat.Period);
    }

    private async ValueTask SaveAsync(bool isLast, CancellationToken cancellationToken)
    {
        await session.Slots.RecordAllAsync(() => !isLast && heartbeat.IsLost, cancellationToken).ConfigureAwait(false);
        if (isLast || !heartbeat.IsLost)
            await batches.SaveAsync(isLast, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SaveAllAsync(CancellationToken cancellationToken)
    {
        await session.Commands.SendAllAsync(cancellationToken).ConfigureAwait(false);
        await SaveAsync(isLast: true, cancellationToken).ConfigureAwait(false);
    }

    private void BeginWithoutStore()
    {
        if (_hasBegunWithoutStore)
            return;
        _hasBegunWithoutStore = true;
        _tasks!.Begin();
    }
}
