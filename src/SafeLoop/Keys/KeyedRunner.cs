namespace SafeLoop;

/// <summary>A runner that is lent to one loop of a keyed task after the other, each as long as it has something to do.</summary>
/// <remarks>
/// A loop that does something needs a runner of a few kilobytes, a parked one needs 130 bytes. So the loops of a keyed task
/// share the few runners that are busy at a time: when its alarm rings, a parked loop goes on in whichever runner is free.
/// </remarks>
/// <param name="all">The loops of the task.</param>
/// <param name="environment">What all loops share.</param>
/// <param name="again">The definition of a loop that its handle starts again; null for a runner that is lent.</param>
/// <param name="log">The log of that loop; null: a new one.</param>
internal sealed class KeyedRunner(
    KeyedLoops all, LoopEnvironment environment, RecurringTask? again = null, LoopLog? log = null) : LoopRunner(
    again ?? all.Task,
    log ?? new LoopLog(all.Name, 1, environment.Observers, all.Records),
    environment,
    again is null ? all.Clock : null,
    () => all.Paused)
{
    public const string PausedAfterFailures = "Paused after failures in a row.";

    private volatile bool _isLent = again is null;
    private KeyedLoop? _loop;
    private KeyedLoop? _offered;

    /// <summary>It is given back when its loop is parked.</summary>
    public bool IsLent => _isLent;

    /// <summary>Its loop may run; else it waits for its turn. Changes under the lock of its loop.</summary>
    public bool HasPlace
    {
        get;
        set
        {
            if (!_isLent && value != field)
                all.Runners.CountKept(value ? 1 : -1);
            field = value;
        }
    }

    /// <summary>True when it runs loops of this task.</summary>
    public bool IsRunnerOf(KeyedLoops task) => all == task;

    /// <summary>True when its loop is queued for a place. Changes under the lock of its loop.</summary>
    public bool WaitsForPlace { get; set; }

    /// <summary>Is lent to this loop, and turns to it when it looks.</summary>
    public void Offer(KeyedLoop loop) => Volatile.Write(ref _offered, loop);

    /// <summary>Withdraws the offer of a loop that it has not attached yet.</summary>
    /// <returns>False when it has attached the loop.</returns>
    public bool TryWithdraw(KeyedLoop loop) => Interlocked.CompareExchange(ref _offered, null, loop) == loop;

    /// <summary>Attaches the loop it was offered. The caller holds the lock of the loop.</summary>
    /// <returns>False when the offer was withdrawn.</returns>
    public bool TryTakeUp(KeyedLoop loop)
    {
        if (!TryWithdraw(loop))
            return false;
        Attach(loop, loop.Saved);
        return true;
    }

    /// <summary>
    /// Attaches a parked loop before others can see this runner. Calls user policies, so the caller holds no lock.
    /// </summary>
    public void Prepare(KeyedLoop loop, in LoopState state)
    {
        Attach(loop, state);
        Schedule.Load(Control.Task, loop.Clock);
    }

    /// <summary>Starts with the loop for which it was prepared, and stays with it.</summary>
    public void StartKept()
    {
        Keep();
        Start();
    }

    /// <summary>Creates a runner for a loop that has ended in a lent runner and that a handle starts again.</summary>
    public static KeyedRunner For(KeyedLoop loop, KeyedLoops all, LoopEnvironment environment)
    {
        var log = new LoopLog(all.Name, 1, environment.Observers, all.Records);
        log.Load(loop, loop.Saved);
        var runner = new KeyedRunner(all, environment, loop.Task, log) { _loop = loop };
        loop.KeepIn(runner);
        return runner;
    }

    /// <summary>Stays with the loop it has been lent to.</summary>
    public void Keep()
    {
        if (_isLent && HasPlace)
            all.Runners.CountKept(1);
        _isLent = false;
        Schedule.Pin();
    }

    public override LoopRunner Next(RecurringTask task)
    {
        var next = new KeyedRunner(all, Environment, task, Log) { _loop = _loop };
        _loop!.KeepIn(next);
        return next;
    }

    protected override bool MayStart => HasPlace;

    // A run that waits for a place counts as running, so a slot that comes due meanwhile overlaps it.
    protected override int CountOverlapped => HasRuns ? Math.Max(Running.Count, 1) : Running.Count;

    // The loop has begun already, when it was first planned, unless its handle starts it again.
    protected override void Begin()
    {
        if (again is not null)
            base.Begin();
    }

    protected override long PlanNext()
    {
        if (_loop is null)
            return LoopSchedule.Never;
        if (!_isLent && Running.Count == 0 && HasRuns != HasPlace)
            ChangePlace(_loop);

        var look = base.PlanNext();
        if (!_isLent || !HasPlace || Running.Count > 0)
            return look;
        if (look is not LoopSchedule.AtOnce)
            return Park(_loop, look);

        // One that always has something to do goes to the end of the queue after each iteration.
        return all.Runners.IsCrowded && !HasRuns && Schedule.Next.Exists ? Park(_loop, Now.Timestamp) : look;
    }

    // One with runs in its buffer cannot be parked, and goes there with its runner.
    protected override void HasRunOne()
    {
        if (_loop is not null && HasRuns && Running.Count == 0)
            all.Runners.TryYield(_loop);
    }

    // Whoever changes all parked loops does not wait for this one to be parked, which may be never.
    protected override void TakeOverChange()
    {
        if (!_isLent)
            base.TakeOverChange();
        else if (_loop is not null && Control.Task != _loop.Task)
            ChangeWithAll(_loop);

        if (_loop is not null && Control.Task.StandsInFor is { } complete && (Schedule.Next.Due <= Now.Now || Control.HasRuns))
            FindSchedule(_loop, complete);
    }

    // Only here, so that whoever offers a loop never touches what a late wake-up may be looking at.
    protected override void TakeOffered()
    {
        if (_loop is null && Volatile.Read(ref _offered) is { } loop && loop.TryAttach(this))
            Schedule.Load(loop.Task, loop.Clock);
    }

    protected override void End(StopRequest stop)
    {
        base.End(stop);
        if (_isLent && _loop is not null)
            _loop.Saved = Log.State; // snapshots show it from now on, and a restart begins with it
        _loop?.HasEnded(this, stop);
    }

    private void ChangeWithAll(KeyedLoop loop)
    {
        var task = loop.Task;
        Change(task, all.Clock);
        Control.TurnTo(task, WhyPaused(Control.IsPausedAlone));
    }

    // Called before the slot of the stand-in schedule runs and fails. A schedule that is found begins now.
    private void FindSchedule(KeyedLoop loop, RecurringTask complete)
    {
        var before = Control.Task;
        if (!all.Definitions.TryMake(loop, complete, out var definition, out _))
            return;
        if (_isLent && loop.TryAdopt(definition))
            Control.Adopt(definition.Task);
        else if (_isLent || all.HandleOf(loop)?.TryReplace(before, definition.Task) is not true)
            return;
        Schedule.BeginBy(definition.Task);
    }

    // A loop with a handle takes a place while it has runs to start.
    private void ChangePlace(KeyedLoop loop)
    {
        if (HasPlace)
            all.Runners.LeavePlace(loop, this);
        else if (!WaitsForPlace)
            all.Runners.TakePlace(loop, this);
    }

    // When it returns, somebody else may have offered another loop already; what is this loop's must be done before.
    private long Park(KeyedLoop loop, long look)
    {
        Log.State.IsPaused = Control.IsPausedAlone;
        _loop = null;
        if (loop.TryPark(this, look))
            return LoopSchedule.Never;

        _loop = loop; // stopped, or pinned by a handle that may have changed or paused it
        return look;
    }

    private void Attach(KeyedLoop loop, in LoopState state)
    {
        _loop = loop;
        Log.Load(loop, state);
        Control.TurnTo(loop.Task, WhyPaused(state.IsPaused));
    }

    private static string? WhyPaused(bool alone) => alone ? PausedAfterFailures : null;
}
