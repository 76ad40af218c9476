using System.Runtime.ExceptionServices;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>
/// Sends the heartbeat independently of the worker, so that only the store itself delays it: no observer that blocks, and no
/// outcomes that are being saved. The worker processes the results.
/// </summary>
/// <param name="client">Calls the store.</param>
/// <param name="lastCommand">The number of the last command that this host knows.</param>
/// <param name="wakeWorker">Called when the worker has a result or a failure to process.</param>
/// <param name="sampler">Samples this host for each heartbeat.</param>
/// <param name="pacemaker">Wakes it.</param>
internal sealed class StoreHeartbeat(
    StoreClient client, Func<long> lastCommand, Action wakeWorker, HostSampler sampler, Pacemaker pacemaker)
    : StoreTurns(pacemaker)
{
    /// <summary>The time between two heartbeats.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>The time between two attempts with tables of another version. A migration may be applied meanwhile.</summary>
    public static readonly TimeSpan IncompatiblePeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<SlotClaim> _lost = [];
    private RecurringTasks? _tasks;
    private HeartbeatResult? _result;
    private Exception? _error;
    private volatile bool _isConnected;
    private volatile bool _isBeatRequested;
    private long _lastBeat;
    private long _beatAt = long.MinValue;

    /// <summary>True when the last heartbeat found that this host was marked as lost.</summary>
    public bool IsLost
    {
        get
        {
            lock (_gate)
                return _result is { IsLost: true };
        }
    }

    public void Start(RecurringTasks tasks)
    {
        _tasks = tasks;
        _lastBeat = Pacemaker.Time.GetTimestamp();
        StartTurns();
    }

    /// <summary>Called when the host has connected: the first heartbeat is sent now.</summary>
    public void OnConnected()
    {
        _isConnected = true;
        RequestBeat();
    }

    /// <summary>Sends the next heartbeat now, which reads the commands.</summary>
    public void RequestBeat()
    {
        _isBeatRequested = true;
        RequestTurn();
    }

    /// <summary>
    /// Takes the results since the last call: the lost claims of all of them, and the rest of the last one, which repeats the
    /// commands of those before.
    /// </summary>
    /// <exception cref="Exception">The exception of the store.</exception>
    public HeartbeatResult? Take()
    {
        lock (_gate)
        {
            var (result, error) = (_result, _error);
            (_result, _error) = (null, null);
            if (error is not null)
            {
                _result = result;
                ExceptionDispatchInfo.Throw(error);
            }
            if (result is null)
                return null;
            result = result with { Lost = [.. _lost] };
            _lost.Clear();
            return result;
        }
    }

    /// <summary>Sends no further heartbeat, and waits for one that is under way.</summary>
    public ValueTask StopAsync(CancellationToken limit) => StopTurnsAsync(limit);

    protected override async ValueTask<long> TakeTurnAsync()
    {
        var now = Pacemaker.Time.GetTimestamp();
        if (_isConnected && (_isBeatRequested || now >= _beatAt))
            _beatAt = Pacemaker.Time.TimestampAfter(now, await SendHeartbeatAsync().ConfigureAwait(false));
        if (!_isConnected)
            _beatAt = long.MaxValue;
        return _beatAt;
    }

    /// <returns>The time until the next one.</returns>
    private async ValueTask<TimeSpan> SendHeartbeatAsync()
    {
        _isBeatRequested = false; // first: a command that is sent from now on requests another one
        try
        {
            // After an outage of the store: the other hosts could not send heartbeats either.
            var lostAfter = LostAfter + Pacemaker.Time.GetElapsedTime(_lastBeat);
            var sample = sampler.Take(_tasks!);
            var result = await client.CallAsync(
                (store, token) => store.SendHeartbeatAsync(client.Instance.Id, sample, lastCommand(), lostAfter, token), Stopping)
                .ConfigureAwait(false);
            _lastBeat = Pacemaker.Time.GetTimestamp();
            _isConnected = !result.IsLost;
            lock (_gate)
            {
                _result = result;
                _lost.AddRange(result.Lost);
            }
        }
        catch (Exception error) // the store is user code, and may fail in any way; the worker reports it
        {
            if (Stopping.IsCancellationRequested)
                return Period;
            lock (_gate)
                _error = error;
            wakeWorker();
            return error is IncompatibleStoreException ? IncompatiblePeriod : Period;
        }
        wakeWorker();
        return Period;
    }
}
