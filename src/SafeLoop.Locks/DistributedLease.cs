using Medallion.Threading;

namespace SafeLoop;

/// <summary>
/// A lock that is held in a back-end. It ends with what comes first: its release, its loss, or its length without renewal.
/// </summary>
/// <remarks>
/// <code>
/// asked ── given ──── 1/4 s: watch the handle ────…──── renewed: asked again, length from here ────…──── not renewed: given back
/// </code>
/// A back-end of DistributedLock keeps its lock alive as long as the process does, also when the loop has stopped
/// renewing it. The lease therefore gives the lock back itself when its length has passed: a step that ignores its
/// token does not keep it from others for ever.
/// </remarks>
internal sealed class DistributedLease : ILoopLease
{
    // To watch costs a query on a database's connection, and another one to end it. A lock held more shortly
    // than this is over before anybody could act.
    private static readonly TimeSpan WatchAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Timers take no more than 49.7 days. Longer ones are waited in pieces.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    private readonly Lock _gate = new();
    private readonly IDistributedSynchronizationHandle _handle;
    private readonly IFenceStore? _fences;
    private readonly LoopLockRequest _request;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly ITimer _timer;
    private CancellationTokenRegistration _watch;
    private long _proven;
    private bool _isWatched;
    private Task? _ended;

    public DistributedLease(
        IDistributedSynchronizationHandle handle, IFenceStore? fences, LoopLockRequest request, Fence fence, TimeSpan atMostFor,
        long asked, TimeProvider time)
    {
        (_handle, _fences, _request, _time, _proven) = (handle, fences, request, time, asked);
        (FencingToken, LastSlot, AtMostFor) = (fence.Token, fence.LastSlot, atMostFor);
        Lost = _lost.Token;
        _timer = CreateTimer();
        // Started here, so that the callback finds the timer in its field.
        _timer.Change(WatchAfter < atMostFor ? WatchAfter : atMostFor, Timeout.InfiniteTimeSpan);
    }

    public string Name => _request.Name;

    public long FencingToken { get; }

    public DateTimeOffset? LastSlot { get; }

    public TimeSpan AtMostFor { get; }

    public CancellationToken Lost { get; }

    /// <summary>Completed when the lock was given back; null while it is held.</summary>
    public Task? Ended
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    private TimeSpan Rest => AtMostFor - _time.GetElapsedTime(_proven);

    public async ValueTask<bool> RenewAsync(CancellationToken cancellationToken)
    {
        if (Ended is not null)
            return false;
        var asked = _time.GetTimestamp();
        if (_fences is not null && !await _fences.IsLastAsync(Name, FencingToken, cancellationToken).ConfigureAwait(false))
        {
            Lose();
            return false;
        }

        lock (_gate)
        {
            if (_ended is null)
                _proven = asked;
            return _ended is null;
        }
    }

    public async ValueTask<bool> RecordAsync(DateTimeOffset slot, CancellationToken cancellationToken) =>
        _fences is null || _request.TaskName is null
        || await _fences.RecordAsync(Name, _request.TaskName, FencingToken, slot, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    // A timer captures the execution context in which it is created, and must not keep it alive as long as the lease.
    private ITimer CreateTimer()
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return _time.CreateTimer(static lease => ((DistributedLease)lease!).Look(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>The timer: first the handle is watched, then the length of the lease.</summary>
    private void Look()
    {
        bool isOver, isNew;
        lock (_gate)
        {
            if (_ended is not null)
                return;
            var rest = Rest;
            isOver = rest <= TimeSpan.Zero;
            if (!isOver)
                _timer.Change(rest < LongestWait ? rest : LongestWait, Timeout.InfiniteTimeSpan);
            (isNew, _isWatched) = (!_isWatched, true);
        }

        if (isOver)
            Lose();
        else if (isNew)
            Watch();
    }

    private void Watch()
    {
        try
        {
            var watch = _handle.HandleLostToken.UnsafeRegister(static lease => ((DistributedLease)lease!).Lose(), this);
            lock (_gate)
                _watch = watch;
        }
        catch (Exception) // released at this very moment; else, what cannot be watched may be gone without a word
        {
            if (Ended is null)
                Lose();
        }
    }

    /// <summary>
    /// The lock is lost, or may be. Cancels Lost first, then releases what is left of the lock.
    /// </summary>
    private void Lose()
    {
        _ = _lost.CancelAsync();
        _ = EndQuietlyAsync();
    }

    private async Task EndQuietlyAsync()
    {
        try
        {
            await EndAsync().ConfigureAwait(false);
        }
        catch (Exception) // the loss is reported already; the back-end frees the lock with the connection, or when it expires
        {
        }
    }

    private Task EndAsync()
    {
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_ended is not null)
                return _ended;
            _ended = given.Task;
        }
        _ = GiveBackAsync(given);
        return given.Task;
    }

    private async Task GiveBackAsync(TaskCompletionSource given)
    {
        try
        {
            _timer.Dispose();
            _watch.Unregister();
            await _handle.DisposeAsync().ConfigureAwait(false);
            given.SetResult();
        }
        catch (Exception error) // the caller of the release gets it
        {
            given.SetException(error);
        }
    }
}
