namespace SafeLoop;

/// <summary>
/// A runner that the loops of a keyed task rent, one after the other. A loop keeps it as long as it has something to do. The
/// loop of a key whose handle was used is pinned to its runner.
/// </summary>
/// <remarks>
/// A runner needs a few kilobytes, a parked loop about a hundred bytes. So a loop that is due rents any idle runner.
/// </remarks>
internal sealed class RentedRunner : IRunnerOwner
{
    public const string PausedAfterFailures = "Paused after failures in a row.";

    /// <summary>The pause of a parked loop that has failed too often. A row has no room for details.</summary>
    public static readonly TaskPause PauseAfterFailures = new() { Reason = PausedAfterFailures, Since = default };

    private readonly IKeyGroup _group;
    private readonly LoopRows _rows;
    private const int Free = 0, Reserved = 1, Returned = 2;

    private volatile bool _isPinned;
    private int _reservation; // Free, Reserved by the thread that wakes the runner, or Returned to that thread
    private IKeyed? _key;

    /// <summary>Creates an idle runner.</summary>
    public RentedRunner(IKeyGroup group, LoopRows rows)
    {
        (_group, _rows) = (group, rows);
        Runner = new LoopRunner(group.Task, group.CreateLog(), group.Environment, this, group.Clock);
    }

    // For a loop that starts again: it keeps its log, and is pinned from the beginning.
    private RentedRunner(IKeyGroup group, LoopRows rows, IKeyed key, LoopLog log, RecurringTask task)
    {
        (_group, _rows, _key, Loop, _isPinned) = (group, rows, key, key.Id, true);
        Runner = new LoopRunner(task, log, group.Environment, this);
    }

    public LoopRunner Runner { get; }

    /// <summary>The loop it runs; none while it is idle.</summary>
    public LoopId Loop { get; private set; }

    /// <summary>The key of that loop.</summary>
    public IKeyed Key => _key!;

    /// <summary>True when it stays with its loop.</summary>
    public bool IsPinned => _isPinned;

    /// <summary>True when its loop may run; otherwise the loop waits for a permit. Changes under the lock of the rows.</summary>
    public bool HasPermit
    {
        get;
        set
        {
            if (_isPinned && value != field)
                _rows.Runners.CountPinned(value ? 1 : -1);
            field = value;
        }
    }

    /// <summary>True when its loop is queued for a permit. Changes under the lock of the rows.</summary>
    public bool IsWaitingForPermit { get; set; }

    public TaskPause? GroupPause => _group.Pause;

    public LoopClock? SharedClock => _isPinned ? null : _group.Clock;

    /// <summary>Reserves the runner: when it is done with its next loop, it returns to the caller.</summary>
    /// <remarks>Call it before the loop is attached, because other threads may wake the runner from then on.</remarks>
    public void Reserve() => Volatile.Write(ref _reservation, Reserved);

    /// <summary>Runs the loop that was attached after <see cref="Reserve"/> within this call, on the caller's stack.</summary>
    /// <returns>True when the runner has returned to the caller. False when its loop still has it.</returns>
    public bool TryRunInline()
    {
        Runner.WakeInline();
        return Interlocked.Exchange(ref _reservation, Free) == Returned;
    }

    /// <summary>Returns the runner, which is done with its loop, to the thread that has reserved it.</summary>
    /// <returns>False when no thread waits for it.</returns>
    public bool TryReturnToReserver() => Interlocked.CompareExchange(ref _reservation, Returned, Reserved) == Reserved;

    /// <summary>Creates a runner for a loop that has ended and that its handle starts again.</summary>
    public static RentedRunner CreateAgain(IKeyGroup group, LoopRows rows, IKeyed key, in LoopState state, RecurringTask task)
    {
        var log = group.CreateLog();
        log.Load(key, state);
        group.Restored.Remove(key.Id); // it begins its schedule again
        var runner = new RentedRunner(group, rows, key, log, task);
        rows.MoveTo(key.Id, runner);
        return runner;
    }

    /// <summary>True when it runs loops of this task.</summary>
    public bool IsOf(IKeyGroup group) => _group == group;

    /// <summary>Attaches a parked loop. The caller holds the lock of the rows.</summary>
    public void Attach(LoopId loop, in LoopState state, RecurringTask task)
    {
        (Loop, _key) = (loop, _group.Owner.KeyOf(loop, _key));
        var pause = state.IsPaused ? _group.Restored.PauseOf(loop) ?? PauseAfterFailures : null;
        Runner.Attach(_key, state, task, _group.Clock, pause, _group.Restored.RestoredAt(loop));
    }

    /// <summary>Pins the runner to its loop. The caller holds the lock of the rows.</summary>
    public void Pin()
    {
        if (!_isPinned && HasPermit)
            _rows.Runners.CountPinned(1);
        _isPinned = true;
        Runner.Schedule.Pin();
    }

    public LoopRunner CreateNext(RecurringTask task)
    {
        _group.Restored.Remove(Loop); // it begins its schedule again
        var next = new RentedRunner(_group, _rows, _key!, Runner.Log, task);
        _rows.MoveTo(Loop, next);
        return next.Runner;
    }

    public (Instant Slot, Instant At)? OnBeginning()
    {
        _group.Owner.Restore(_key!);
        return _group.Restored.TakeSlot(Loop);
    }

    public void OnPlanning()
    {
        if (!_isPinned || Runner.Running.Count > 0 || Runner.HasRuns == HasPermit)
            return;
        if (HasPermit)
            _rows.Runners.ReleasePermit(this);
        else if (!IsWaitingForPermit)
            _rows.Runners.AcquirePermit(Loop, this);
    }

    public bool TryPark(long wakeAt)
    {
        if (_isPinned || !HasPermit)
            return false;
        if (wakeAt is LoopSchedule.AtOnce)
        {
            // A loop that is always due goes to the end of the queue after each iteration, so that others get a permit.
            if (!_rows.Runners.IsCrowded || Runner.HasRuns || !Runner.Schedule.Next.Exists)
                return false;
            wakeAt = Runner.Timestamp;
        }
        if (!_rows.TryPark(this, wakeAt))
            return false; // stopped, or pinned by a handle that may have changed or paused it
        Loop = default;
        Runner.Detach();
        _rows.Runners.Return(this); // last: another loop may have the runner when this returns
        return true;
    }

    // A loop with buffered runs cannot be parked. It goes to the end of the queue and keeps its runner.
    public void OnIterationCompleted()
    {
        if (Runner.HasRuns && Runner.Running.Count == 0)
            _rows.Runners.TryYield(Loop);
    }

    public RecurringTask? FindSchedule()
    {
        if (Runner.Control.Task.FindSchedule?.Invoke(_key!) is not { } found)
            return null;
        if (!_isPinned)
            Runner.Control.Adopt(found); // the control of a pinned loop has done so
        return found;
    }

    public void OnEnded(StopRequest stop)
    {
        if (!Loop.IsNone)
            _rows.OnEnded(this, stop);
    }
}
