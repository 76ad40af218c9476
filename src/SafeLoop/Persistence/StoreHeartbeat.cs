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
/// <param name="pacemaker">Wakes it.</param>
internal sealed class StoreHeartbeat(StoreClient client, Func<long> lastCommand, Action wakeWorker, Pacemaker pacemaker)
    : IThreadPoolWorkItem
{
    /// <summary>The time between two heartbeats.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>The time between two attempts with tables of another version. A migration may be applied meanwhile.</summary>
    public static readonly TimeSpan IncompatiblePeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    private readonly LoopWait _wait = new(pacemaker);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<SlotClaim> _lost = [];
    private StorePulse? _pulse;
    private Exception? _error;
    private int _requested; // wake-ups: one during a call must not make this look idle
    private int _done;
    private volatile bool _isConnected;
    private volatile bool _isBeatRequested;
    private long _lastBeat;

    /// <summary>True while a call is under way, or is about to begin.</summary>
    public bool IsBusy => Volatile.Read(ref _done) != Volatile.Read(ref _requested) && !_ended.Task.IsCompleted;

    /// <summary>True when the last heartbeat found that this host was marked as lost.</summary>
    public bool IsLost
    {
        get
        {
            lock (_gate)
                return _pulse is { IsLost: true };
        }
    }

    /// <summary>Called when a call has ended; null: no listener.</summary>
    public Action? BecameIdle { get; set; }

    public void Start()
    {
        _lastBeat = pacemaker.Time.GetTimestamp();
        Interlocked.Increment(ref _requested);
        pacemaker.Dispatch(this);
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
        Interlocked.Increment(ref _requested);
        _wait.Wake();
    }

    /// <summary>
    /// Takes the results since the last call: the lost claims of all of them, and the rest of the last one, which repeats the
    /// commands of those before.
    /// </summary>
    /// <exception cref="Exception">The exception of the store.</exception>
    public StorePulse? Take()
    {
        lock (_gate)
        {
            var (pulse, error) = (_pulse, _error);
            (_pulse, _error) = (null, null);
            if (error is not null)
            {
                _pulse = pulse;
                ExceptionDispatchInfo.Throw(error);
            }
            if (pulse is null)
                return null;
            pulse = pulse with { Lost = [.. _lost] };
            _lost.Clear();
            return pulse;
        }
    }

    /// <summary>Sends no further heartbeat, and waits for one that is under way.</summary>
    public async ValueTask StopAsync(CancellationToken limit)
    {
        _wait.Stop();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        var (time, next) = (pacemaker.Time, long.MinValue);
        while (await _wait.UntilAsync(next).ConfigureAwait(false))
        {
            var requested = Interlocked.Increment(ref _requested);
            if (_isConnected && (_isBeatRequested || time.GetTimestamp() >= next))
            {
                var began = time.GetTimestamp();
                next = time.TimestampAfter(began, await BeatAsync().ConfigureAwait(false));
            }
            if (!_isConnected)
                next = long.MaxValue;
            Volatile.Write(ref _done, requested);
            BecameIdle?.Invoke();
        }
        _wait.Close();
        _ended.SetResult();
    }

    /// <returns>The time until the next one.</returns>
    private async ValueTask<TimeSpan> BeatAsync()
    {
        _isBeatRequested = false; // first: a command that is sent from now on requests another one
        try
        {
            // After an outage of the store: the other hosts could not send heartbeats either.
            var lostAfter = LostAfter + pacemaker.Time.GetElapsedTime(_lastBeat);
            var pulse = await client.CallAsync(
                (store, token) => store.BeatAsync(client.Instance.Id, lastCommand(), lostAfter, token), _stop.Token)
                .ConfigureAwait(false);
            _lastBeat = pacemaker.Time.GetTimestamp();
            _isConnected = !pulse.IsLost;
            lock (_gate)
            {
                _pulse = pulse;
                _lost.AddRange(pulse.Lost);
            }
        }
        catch (Exception error) // the store is user code, and may fail in any way; the worker reports it
        {
            if (_stop.IsCancellationRequested)
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
