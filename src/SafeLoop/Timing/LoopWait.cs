using System.Threading.Tasks.Sources;

namespace SafeLoop;

/// <summary>
/// Waits until a time, or until another thread wakes the loop. The loop reuses it for every wait, so waiting allocates nothing.
/// </summary>
/// <remarks>
/// A wake-up before the wait is not lost: the wait then ends at once (after db-scheduler's <c>Waiter</c>). A wait may also end
/// spuriously. The loop checks the clock and its requests after each wait, and waits for the rest of the time.
/// </remarks>
internal sealed class LoopWait(Pacemaker pacemaker) : Alarm, IWakeable, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int Idle = 0, Waiting = 1, Woken = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;
    private volatile bool _stopped;
    private bool _isArmed; // armed now or earlier; it may have rung since

    public Pacemaker Pacemaker => pacemaker;

    /// <summary>Waits. Only one waiter at a time.</summary>
    /// <param name="timestamp">
    /// The end of the wait; <see cref="long.MinValue"/>: do not wait; <see cref="long.MaxValue"/>: until woken.
    /// </param>
    /// <returns>False when the loop must stop; true when it should check for work.</returns>
    public ValueTask<bool> UntilAsync(long timestamp)
    {
        if (_stopped)
            return new(false);
        if (timestamp == long.MinValue)
            return new(true);

        _source.Reset();
        if (timestamp != long.MaxValue)
            pacemaker.Arm(this, timestamp);
        else if (_isArmed)
            pacemaker.Disarm(this);
        _isArmed = timestamp != long.MaxValue;

        // Waits last, so that an alarm or wake-up that arrived meanwhile is found here.
        return Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle ? new(this, _source.Version) : new(ClearWoken());
    }

    /// <summary>
    /// Ends the current wait, or the next one. The loop continues on another thread, never on the caller's stack.
    /// </summary>
    public void Wake()
    {
        if (TryTakeWaiting())
            pacemaker.Dispatch(this);
    }

    /// <summary>
    /// Like <see cref="Wake"/>, but the loop continues within this call, unless the pacemaker has its own thread.
    /// </summary>
    public void WakeInline()
    {
        if (pacemaker.HasItsOwnThread)
            Wake();
        else if (TryTakeWaiting())
            _source.SetResult(!_stopped);
    }

    /// <summary>Wakes the loop and makes every later wait return false.</summary>
    public void Stop()
    {
        _stopped = true;
        Wake();
    }

    /// <summary>
    /// Makes waits return true again after a stop, because the loop must still process the end of its iterations.
    /// </summary>
    public void Reopen() => _stopped = false;

    /// <summary>Disarms the alarm, because the loop has ended.</summary>
    public void Close() => pacemaker.Disarm(this);

    protected internal override void Ring()
    {
        if (TryTakeWaiting())
            _source.SetResult(!_stopped);
    }

    void IThreadPoolWorkItem.Execute() => _source.SetResult(!_stopped);

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>
    /// True when the loop was waiting, so that this thread must end its wait. False when the loop will see the state by itself.
    /// </summary>
    private bool TryTakeWaiting()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == Woken)
                return false;
            if (Interlocked.CompareExchange(ref _state, state == Waiting ? Idle : Woken, state) == state)
                return state == Waiting;
        }
    }

    private bool ClearWoken()
    {
        Volatile.Write(ref _state, Idle);
        return !_stopped;
    }
}
