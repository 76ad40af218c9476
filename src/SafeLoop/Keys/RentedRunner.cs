namespace SafeLoop;

/// <summary>
/// A runner that is rented to one loop of a keyed task after the other, each as long as it has something to do. The loop of a key
/// whose handle was used is pinned to its runner.
/// </summary>
/// <remarks>
/// A runner needs a few kilobytes, a parked loop about a hundred bytes. So the loops of a task share the few runners that are
/// busy at a time: a loop that is due rents any runner that is free.
/// </remarks>
internal sealed class RentedRunner : IRunnerOwner
{
    public const string PausedAfterFailures = "Paused after failures in a row.";

    private readonly IKeyGroup _group;
    private readonly LoopRows _rows;
    private const int Free = 0, Reserved = 1, Back = 2;

    private volatile bool _isPinned;
    private int _reservation; // by the thread that wakes it
    private IKeyed? _key;

    /// <summary>Creates an idle runner.</summary>
    public RentedRunner(IKeyGroup group, LoopRows rows)
    {
        (_group, _rows) = (group, rows);
        Runner = new LoopRunner(group.Task, group.CreateLog(), group.Environment, this, group.Clock);
    }

    // The loop starts again with its log, and is pinned from the beginning.
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

    /// <summary>True when its loop may run; otherwise it waits for its turn. Changes under the lock of the rows.</summary>
    public bool HasPlace
    {
        get;
        set
        {
            if (_isPinned && value != field)
                _rows.Runners.CountPinned(value ? 1 : -1);
            field = value;
        }
    }

    /// <summary>True when its loop is queued for a place. Changes under the lock of the rows.</summary>
    public bool WaitsForPlace { get; set; }

    public bool MayStart => HasPlace;

    public string? Paused => _group.Paused;

    public LoopClock? SharedClock => _isPinned ? null : _group.Clock;

    /// <summary>Keeps the runner for the caller when it is done with the loop that is about to be attached to it.</summary>
    /// <remarks>Before the loop is attached: others may wake the runner from then on.</remarks>
    public void Reserve() => Volatile.Write(ref _reservation, Reserved);

    /// <summary>Wakes the runner within this call, for the loop that was attached to it after <see cref="Reserve"/>.</summary>
    /// <returns>
    /// True when it is done with the loop, and the caller has it for the next one. False: it belongs to its loop.
    /// </returns>
    public bool TryRunHere()
    {
        Runner.WakeHere();
        return Interlocked.Exchange(ref _reservation, Free) == Back;
    }

    /// <summary>The runner is done with its loop.</summary>
    /// <returns>True when the thread that has woken it is still there, and keeps it.</returns>
    public bool TryComeBack() => Interlocked.CompareExchange(ref _reservation, Back, Reserved) == Reserved;

    /// <summary>Creates a runner for a loop that has ended and that its handle starts again.</summary>
    public static RentedRunner CreateAgain(IKeyGroup group, LoopRows rows, IKeyed key, in LoopState state, RecurringTask task)
    {
        var log = group.CreateLog();
        log.Load(key, state);
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
        Runner.Attach(_key, state, task, _group.Clock, state.IsPaused ? PausedAfterFailures : null);
    }

    /// <summary>Pins the runner to its loop. The caller holds the lock of the rows.</summary>
    public void Pin()
    {
        if (!_isPinned && HasPlace)
            _rows.Runners.CountPinned(1);
        _isPinned = true;
        Runner.Schedule.Pin();
    }

    public LoopRunner CreateNext(RecurringTask task)
    {
        var next = new RentedRunner(_group, _rows, _key!, Runner.Log, task);
        _rows.MoveTo(Loop, next);
        return next.Runner;
    }

    public void OnPlanning()
    {
        if (!_isPinned || Runner.Running.Count > 0 || Runner.HasRuns == HasPlace)
            return;
        if (HasPlace)
            _rows.Runners.LeavePlace(this);
        else if (!WaitsForPlace)
            _rows.Runners.TakePlace(Loop, this);
    }

    public bool TryPark(long wakeAt)
    {
        if (_isPinned || !HasPlace)
            return false;
        if (wakeAt is LoopSchedule.AtOnce)
        {
            // One that always has something to do goes to the end of the queue after each iteration.
            if (!_rows.Runners.IsCrowded || Runner.HasRuns || !Runner.Schedule.Next.Exists)
                return false;
            wakeAt = Runner.Timestamp;
        }
        if (!_rows.TryPark(this, wakeAt))
            return false; // stopped, or pinned by a handle that may have changed or paused it
        Loop = default;
        Runner.Detach();
        _rows.Runners.Return(this); // last: it may have another loop when this returns
        return true;
    }

    // One with runs in its buffer cannot be parked, and goes to the end of the queue with its runner.
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
