using System.Threading.Tasks.Sources;

namespace SafeLoop;

/// <summary>The one place where a loop waits: until a time, or until somebody wakes it. Reused for every wait, so waiting allocates nothing.</summary>
/// <remarks>
/// A wake that comes before the wait is not lost: the wait then ends at once (after db-scheduler's <c>Waiter</c>). A wait may also end for
/// no reason; the loop looks at the clock and at its mail each time, and waits the rest.
/// </remarks>
internal sealed class LoopWait(Pacemaker pacemaker) : Alarm, IWakeable, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int Idle = 0, Parked = 1, Woken = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;
    private volatile bool _stopped;
    private bool _isArmed; // or was: it may have rung since

    public Pacemaker Pacemaker => pacemaker;

    /// <summary>Waits. One waiter at a time.</summary>
    /// <param name="timestamp">Until then; <see cref="long.MinValue"/>: do not wait; <see cref="long.MaxValue"/>: until woken.</param>
    /// <returns>False when the loop was told to stop; true when it should look what there is to do.</returns>
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

        // Parked only now: an alarm or a wake that came in between has left its mark and is found here.
        return Interlocked.CompareExchange(ref _state, Parked, Idle) == Idle ? new(this, _source.Version) : new(ClearWoken());
    }

    /// <summary>Ends the present wait, or the next one. The loop goes on elsewhere, never on the caller's stack.</summary>
    public void Wake()
    {
        if (TakeParked())
            pacemaker.Dispatch(this);
    }

    /// <summary>The same, but the loop goes on within this call, unless all loops go on in one place.</summary>
    public void WakeHere()
    {
        if (pacemaker.HasItsOwnThread)
            Wake();
        else if (TakeParked())
            _source.SetResult(!_stopped);
    }

    /// <summary>Wakes the loop and makes every wait from now on answer false.</summary>
    public void Stop()
    {
        _stopped = true;
        Wake();
    }

    /// <summary>After a stop, waits answer true again: the loop still has to see its iterations end.</summary>
    public void Reopen() => _stopped = false;

    /// <summary>Forgets the alarm: the loop is over.</summary>
    public void Close() => pacemaker.Disarm(this);

    protected internal override void Ring()
    {
        if (TakeParked())
            _source.SetResult(!_stopped);
    }

    void IThreadPoolWorkItem.Execute() => _source.SetResult(!_stopped);

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>True: the loop was parked, and ending its wait is now this thread's duty. False: it will find the mark.</summary>
    private bool TakeParked()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == Woken)
                return false;
            if (Interlocked.CompareExchange(ref _state, state == Parked ? Idle : Woken, state) == state)
                return state == Parked;
        }
    }

    private bool ClearWoken()
    {
        Volatile.Write(ref _state, Idle);
        return !_stopped;
    }
}
