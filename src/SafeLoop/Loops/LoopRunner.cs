namespace SafeLoop;

/// <summary>The loop. It waits, runs what is due, and waits again, until a stop is requested.</summary>
/// <remarks>
/// Only the loop itself touches this state, except to report a stuck iteration. Other threads use its <see cref="Control"/>.
/// A runner of keys is attached by the thread that wakes the key, before the loop continues.
/// No exception can end the loop: iterations end in outcomes, observers are guarded, and an exception from a user's policy or
/// check is reported as a fault. Everything that ends the loop is a <see cref="StopRequest"/>, so the head of the loop is the
/// complete termination test.
/// </remarks>
internal sealed class LoopRunner : IThreadPoolWorkItem, IIterationHost
{
    private static readonly AsyncLocal<LoopRunner?> Ambient = new();

    private readonly LoopEnvironment _environment;
    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly RunQueue _queue;
    private readonly IterationFollowUp _followUp;
    private readonly IRunnerOwner? _owner;
    private readonly TaskCompletionSource<LoopEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopMoment _now;
    private TimeSpan? _clockJump; // by how much the wall clock was set forward before it was read last; null: unknown
    private long _wakeAt;
    private ExecutionContext? _cleanContext;
    private LoopThreads? _threads;
    private volatile bool _isAttached; // a rented runner is idle between its loops
    private bool _isNew; // the attached loop has not had a turn yet
    private volatile bool _hasLoaded; // what is stored may have been loaded since the schedule began
    private readonly bool _isRented; // its loops began before they were attached
    private long _done = Instant.Never.UtcTicks; // read by other threads
    private IReadOnlyCollection<LoopRunner> _before = []; // the loops that must have ended before this one starts

    /// <param name="task">The definition.</param>
    /// <param name="log">Records what the loop does.</param>
    /// <param name="environment">What all loops share.</param>
    /// <param name="owner">Rents the runner to the loops of a keyed task; null for an ordinary task.</param>
    /// <param name="clock">A clock shared with other loops; null: one of its own.</param>
    public LoopRunner(
        RecurringTask task,
        LoopLog log,
        LoopEnvironment environment,
        IRunnerOwner? owner = null,
        LoopClock? clock = null)
    {
        (_log, _environment, _owner) = (log, environment, owner);
        _isAttached = owner is null || log.Keyed is not null;
        _isRented = !_isAttached;
        _wait = new LoopWait(environment.Pacemaker);
        Schedule = new LoopSchedule(task, log, _wait, environment.Random, environment.Observers, clock);
        _queue = new RunQueue(Schedule, log, environment.Store);
        var stop = new StopSignal();
        Running = new RunningIterations(this, task.Name, environment, stop, log);
        Control = new LoopControl(task, _wait, Running, stop, log, environment.Observers) { Owner = owner };
        _followUp = new IterationFollowUp(Control, Schedule, log, environment);
    }

    /// <summary>The loop whose iteration runs the caller's code, or has started it; null: none.</summary>
    public static LoopRunner? Current => Ambient.Value;

    /// <summary>Completes when the loop has ended. Never faults.</summary>
    public Task<LoopEnd> Completion => _completion.Task;

    public LoopControl Control { get; }

    public LoopSchedule Schedule { get; }

    public RunningIterations Running { get; }

    public LoopEnvironment Environment => _environment;

    public LoopLog Log => _log;

    public bool IsStarted => StartedAt is not null;

    /// <summary>True when the loop has started to wait for its first slot.</summary>
    public bool HasEntered { get; private set; }

    /// <summary>True when its schedule waits for the application to start.</summary>
    public bool IsHeld => !Schedule.HasBegun && Control.StopRequest is null && !_environment.CanBegin(Control.Task);

    /// <summary>The timestamp of the start; null before it.</summary>
    public long? StartedAt { get; private set; }

    /// <summary>When the loop ended, on the wall clock; none while it has not.</summary>
    public Instant EndedAt { get; private set; }

    /// <summary>The owner of a rented or pinned runner; null for the loop of an ordinary task.</summary>
    public IRunnerOwner? Owner => _owner;

    /// <summary>The state with which the loop continues from another host; null: it begins on this host.</summary>
    public LoopMemory? Memory
    {
        get;
        init
        {
            field = value;
            _done = value is null ? _done : LoopPlan.DoneUntil(value.State).UtcTicks;
        }
    }

    /// <summary>
    /// The instant up to which all slots of the loop have outcomes; never: it belongs to no shard, has no slot left or has ended.
    /// </summary>
    public Instant DoneUntil => _completion.Task.IsCompleted ? Instant.Never : new(Volatile.Read(ref _done));

    /// <summary>The timestamp at which the loop last read its clock.</summary>
    public long Timestamp => _now.Timestamp;

    /// <summary>True when runs are queued.</summary>
    public bool HasRuns => _queue.Count > 0;

    // A loop that belongs to no shard never loses one.
    private bool HasLostShard => Task.Shard is { CanStart: false };

    private bool HasPermit => _owner is null || _owner.HasPermit;

    // A run that waits for a permit counts as running, so a slot that comes due meanwhile overlaps it.
    private int OverlappedCount => _owner is not null && HasRuns ? Math.Max(Running.Count, 1) : Running.Count;

    private RecurringTask Task => Schedule.Task;

    // Iterations that wait for their lock count too, because they may still start.
    private bool HasReachedStopAfter =>
        Task.Options.StopAfter is { } most && Running.CountNotStarted() + Schedule.Iterations >= most;

    /// <summary>Creates the loop after this one, of the same task and the same key.</summary>
    public LoopRunner CreateNext(RecurringTask task) => _owner?.CreateNext(task) ?? new LoopRunner(task, _log, _environment);

    /// <summary>Attaches a parked loop, which has begun already. Calls no user code.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="state">Its state.</param>
    /// <param name="task">Its definition.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="paused">The pause of the loop itself; null: it is not paused individually.</param>
    /// <param name="restoredAt">Its slots until then came due while no host was running; none: it has no such slots.</param>
    public void Attach(
        IKeyed loop, in LoopState state, RecurringTask task, LoopClock clock, TaskPause? paused, Instant restoredAt)
    {
        _log.Load(loop, state);
        Control.Load(task, paused);
        MarkDone(task);
        Schedule.Load(task, clock, restoredAt);
        _isNew = true;
        _isAttached = true; // last, because a late wake-up of the previous loop may run at the same time
    }

    /// <summary>Detaches the loop, before the runner is returned.</summary>
    public void Detach() => _isAttached = false;

    /// <summary>
    /// Starts the loop without the caller's execution context, whose ambient activity or logger scope would otherwise stay alive.
    /// </summary>
    /// <param name="before">The loops that must have ended first.</param>
    public void Start(params IReadOnlyCollection<LoopRunner> before)
    {
        StartedAt = _environment.Time.GetTimestamp();
        Control.Open();
        var ended = System.Threading.Tasks.Task.WhenAll(before.Select(loop => loop.Completion));
        if (ended.IsCompleted)
        {
            _environment.Pacemaker.Dispatch(this);
            return;
        }
        _before = before;
        ended.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _environment.Pacemaker.Dispatch(this));
    }

    /// <summary>True when this loop starts only after the other one, which has not ended yet.</summary>
    public bool IsWaitingFor(LoopRunner other) =>
        _before.Any(loop => !loop.Completion.IsCompleted && (loop == other || loop.IsWaitingFor(other)));

    /// <summary>
    /// Reads the state with which another host continues the loop, also while an iteration runs. May be called from any thread.
    /// </summary>
    /// <param name="loop">The loop of a key; null: that of an ordinary task.</param>
    /// <param name="state">The state.</param>
    /// <returns>False when another loop is attached.</returns>
    public bool TryGetMovingState(LoopId? loop, ref LoopState state)
    {
        if (loop is null && Memory is { } memory && !HasEntered)
        {
            state = memory.State; // the loop before it has not ended, and still writes the log
            return true;
        }
        if (loop is not { } own)
            state = _log.CopyState();
        else if (!_log.TryGetState(own, ref state))
            return false;
        var unstarted = Task.IsParallel ? null : Running.FindReturned();
        Schedule.ReturnWaiting(ref state, unstarted?.Slot, unstarted is { IsChosen: true });
        return true;
    }

    /// <summary>Wakes the loop on another thread.</summary>
    public void Wake() => _wait.Wake();

    /// <summary>Wakes the loop, because what is stored of it may have been loaded.</summary>
    public void OnLoaded()
    {
        _hasLoaded = true;
        _wait.Wake();
    }

    /// <summary>Wakes the loop within this call, on the caller's stack.</summary>
    public void WakeInline() => _wait.WakeInline();

    void IIterationHost.OnCompleted(RunningIteration iteration)
    {
        Running.AddEnded(iteration);
        _wait.WakeInline();
    }

    public void EnterContext()
    {
        if (_cleanContext is not null)
            ExecutionContext.Restore(_cleanContext);
    }

    void IIterationHost.OnStuck(RunningIteration iteration) => _followUp.RecordStuck(iteration);

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        _before = []; // otherwise a loop that is restarted often would keep all previous loops alive
        Ambient.Value = this; // set once in the context that all iterations share, so that no iteration allocates one
        _cleanContext = ExecutionContext.Capture();
        try
        {
            if (!_isRented)
                AnnounceStart();
            HasEntered = true;
            while (await _wait.UntilAsync(_wakeAt = PlanNext()).ConfigureAwait(false)) // false: a stop was requested
            {
                if (!_isAttached)
                    continue;
                _isNew = false;
                if (HasLostShard)
                {
                    Control.Stop(new(LoopEnd.Moved, OutcomeReason.None, "Another host runs it."));
                    continue; // nothing is recorded of slots that another host may run
                }
                ReadClock();
                ApplyLoaded();
                ApplyChange();
                ApplyResume();
                CollectEnded();
                EnqueueManualRuns();
                EnqueueDueSlots();
                StartPending();
            }

            await DrainAsync().ConfigureAwait(false);
        }
        catch (Exception error) // a bug in SafeLoop itself: it must be seen, and callers need an answer
        {
            _environment.Observers.Fault(
                FaultKind.LoopCrashed,
                Task.Name,
                "The loop ended by an exception of its own, which is a bug in SafeLoop. Please report it.",
                error,
                _log.Keyed);
            Control.Stop(new(LoopEnd.Failures, OutcomeReason.None, error.Message));
            await TryDrainAsync().ConfigureAwait(false);
        }

        End(Control.StopRequest!);
    }

    private void AnnounceStart()
    {
        if (Memory is { } memory)
            _log.Load(memory.State); // here, because the loop before this one has written its log until now
        else
            _log.ResetFailures();
        Control.Publish(LoopEventKind.LoopStarted);
        ApplyChange(); // a change from before the start: no slot of the old schedule has come due
        if (Memory is null)
            Schedule.CountFromHere();
        if (Schedule.HasBegun)
            Schedule.Continue();
        _now = Schedule.Clock.Read();
    }

    // When the loop starts, or when the application has started.
    private void BeginSchedule()
    {
        var restored = _owner?.OnBeginning();
        var last = Memory is null ? Instant.None : _log.State.Slot;
        Schedule.Begin();
        if (!last.IsNone)
            Schedule.GoOnAfter(last, Instant.None);
        if (restored is { } key)
            Schedule.GoOnAfter(key.Slot, key.At);
        if (_owner is null && _environment.Store?.TakeLoaded(Task.Name) is { } stored)
        {
            Schedule.Restore(stored, Task.Options.SurviveRestarts is not null);
            Control.Restore(stored.Pause);
        }
        StartedAt = _environment.Time.GetTimestamp();
        _now = Schedule.Clock.Read();
    }

    /// <returns>When to continue: a timestamp, at once, or only when the loop is woken.</returns>
    private long PlanNext()
    {
        if (!_isAttached)
            return LoopSchedule.Never;
        if (_owner is null)
            return PlanOrMarkDone();
        if (_isNew)
        {
            _now = Schedule.Clock.Read(); // the previous loop may have read it long ago
            return LoopSchedule.AtOnce;
        }
        _owner.OnPlanning();
        var wakeAt = PlanOrMarkDone();
        return Running.Count == 0 && _owner.TryPark(wakeAt) ? LoopSchedule.Never : wakeAt;
    }

    private long PlanOrMarkDone()
    {
        var wakeAt = PlanSlot();
        if (Running.Count == 0)
            MarkDone(Task);
        return wakeAt;
    }

    // While nothing runs, all slots before the first that waits, or else before the next one, have outcomes.
    private void MarkDone(RecurringTask task)
    {
        if (task.Shard is null)
            return;
        var done = _queue.FirstSlot is { } waiting ? new(waiting.Slot.UtcTicks - 1) : LoopPlan.DoneUntil(_log.State);
        Volatile.Write(ref _done, done.UtcTicks);
    }

    // Queued runs start one after the other, without a plan between them.
    private void MarkDoneBefore(in PendingRun run)
    {
        if (Task.Shard is not null && Running.Count == 0 && run.Manual is null)
            Volatile.Write(ref _done, run.Slot.UtcTicks - 1);
    }

    private void MarkWaiting()
    {
        if (Task.Shard is not null)
            Schedule.MarkWaiting(_queue.FirstSlot is { } run ? (run.Slot, run.IsChosen) : null);
    }

    private long PlanSlot()
    {
        if (!Schedule.HasBegun && Control.StopRequest is null && _environment.CanBegin(Task))
            BeginSchedule();
        if (HasReachedStopAfter)
        {
            if (Running.Count > 0)
                return LoopSchedule.Never;
            Control.Stop(new(LoopEnd.Completed, OutcomeReason.None, $"{Schedule.Iterations:N0} iterations have run."));
            return LoopSchedule.AtOnce;
        }
        if (_queue.Count > 0 && HasPermit && Running.Count < Task.MostParallel)
            return LoopSchedule.AtOnce;

        var wakeAt = Schedule.Plan(ref _now, Running.Count);
        if (wakeAt is LoopSchedule.AtOnce && !Schedule.Next.Exists && _queue.Count == 0)
            Control.Stop(new(LoopEnd.Completed, OutcomeReason.None, "The schedule has no further slot."));
        return wakeAt;
    }

    // The store was down at the start, and the schedule has begun without what is stored.
    private void ApplyLoaded()
    {
        if (!_hasLoaded)
            return;
        _hasLoaded = false; // first: what is loaded from now on is found by the next turn
        if (_owner is not null || !Schedule.HasBegun || _environment.Store?.TakeLoaded(Task.Name) is not { } late)
            return;
        _log.AddCounts(late.Counts);
        Control.Restore(late.Pause);
    }

    // Another thread may have changed the definition.
    private void ApplyChange()
    {
        if (Control.TakeChange() is { } change)
        {
            var shared = _owner?.SharedClock;
            Change(Control.Task, shared);
            if (shared is null)
                Control.Publish(LoopEventKind.Changed);
            change.SetResult();
        }
        if (Task.StandsInFor is not null && (Schedule.Next.Due <= _now.Now || Control.HasRuns)
            && _owner?.FindSchedule() is { } found)
            Schedule.BeginWith(found);
    }

    // A slot that has come due by the old definition is processed first.
    private void Change(RecurringTask task, LoopClock? clock)
    {
        if (!Task.Options.HasScheduleOf(task.Options) && Schedule.TryMakeDue(_now.Now))
            EnqueueDueSlots();
        Schedule.Change(task, clock);
        if (!Control.IsPausedIndividually) // the failures of a paused loop explain the pause and count until it is resumed
            _log.ResetFailures();
        _now = Schedule.Clock.Read();
    }

    private void End(StopRequest stop)
    {
        _threads?.Close();
        EndedAt = _environment.Time.GetUtcNow();
        Control.Publish(LoopEventKind.LoopEnded, stop.Reason, stop.End);
        _completion.SetResult(stop.End);
        _owner?.OnEnded(stop);
    }

    private void ApplyResume()
    {
        if (Control.TryTakeResumed())
            Schedule.EndWaitForClock();
    }

    // A loop that continues at once reuses the time at which its last iteration ended, unless its slot came due after that.
    private void ReadClock()
    {
        if (_wakeAt is LoopSchedule.AtOnce && !(Schedule.Next.Exists && Schedule.Next.Due > _now.Now))
            return;
        var before = _now;
        _now = Schedule.Clock.Read();
        _clockJump = before.Now.IsNone || _owner is not null ? null
            : _now.Now - before.Now - _environment.Time.GetElapsedTime(before.Timestamp, _now.Timestamp);
    }

    private void CollectEnded()
    {
        while (Running.TakeEnded() is { } iteration)
            Conclude(iteration);
    }

    private void EnqueueManualRuns()
    {
        if (Control.TryTakeCancelled())
            _queue.DropCancelled(_now.Now);
        while (Control.TakeRun() is { } manual)
        {
            if (_queue.EnqueueManual(manual, _now.Now, Running.Count))
                Running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
        }
    }

    private void EnqueueDueSlots()
    {
        using var call = Schedule.EnterPolicy(); // counting slots calls policies and exclusions
        if (_queue.EnqueueDue(_now.Now, OverlappedCount, Control.PauseInForce, _clockJump))
            Running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
        MarkWaiting();
    }

    private void StartPending()
    {
        while (HasPermit && Control.StopRequest is null && Running.Count < Task.MostParallel && !HasReachedStopAfter
            && _queue.TryTake(out var run))
        {
            ApplyLoaded(); // the run before may have blocked the loop for long
            if (run.IsCancelled)
                _queue.Drop(run, OutcomeReason.Cancelled, _now.Now);
            else if (!Task.Options.Enabled)
                _queue.Drop(run, OutcomeReason.Disabled, _now.Now);
            else if (run.Manual is null && Control.PauseInForce is { } pause)
                _queue.Drop(run, OutcomeReason.Paused, _now.Now, pause);
            else
                StartIteration(run);
        }
        MarkWaiting();
    }

    private void StartIteration(PendingRun run)
    {
        EnterContext(); // discards AsyncLocal values of policies and observers, which would grow with every iteration
        var iteration = Running.Take();
        var onOwnThread = ShouldUseOwnThread(iteration);
        MarkDoneBefore(run);
        iteration.Begin(Task, _log.Keyed, Schedule.Clock, run, _now, _log.State.ConsecutiveFailures);
        var isNow = _wakeAt is not LoopSchedule.AtOnce && !onOwnThread && !Task.StartsBesideTheLoop;
        iteration.Runner.StartTimer(onOwnThread, isNow ? _now.Timestamp : StepTimer.Unknown);
        Running.Add(iteration);
        MarkWaiting(); // here, because the step may block the loop

        // A stop that came before Running.Add has not reached this iteration.
        if (Control.StopRequest is { } stop)
            iteration.Runner.Stop(stop, stop.DrainFor ?? Task.Options.DrainFor);
        Dispatch(iteration, onOwnThread);
    }

    private void Dispatch(RunningIteration iteration, bool onOwnThread)
    {
        if (onOwnThread && (Task.StartsBesideTheLoop || _threads is not { IsCurrent: true }))
            (_threads ??= new(Task.Name)).Run(iteration);
        else if (Task.StartsBesideTheLoop)
            _environment.Pacemaker.Dispatch(iteration); // its step may block, which must not block the loop
        else if (iteration.Run())
            Conclude(iteration);
    }

    // A step that blocks while the pool is starved gets a thread. Not for keys, because there may be a million of them, and not
    // in virtual time, which has one thread.
    private bool ShouldUseOwnThread(RunningIteration previous) =>
        (Task.Options.DedicatedThread || (previous.Runner.HasBlocked && _environment.Pacemaker.IsStarved))
        && _log.Keyed is null && !_environment.Pacemaker.HasItsOwnThread;

    // Before the iteration is removed from those that run, so that what came due while it ran overlaps it.
    private void EnqueueOverlappingSlots()
    {
        var ended = _now;
        Schedule.Plan(ref ended, Running.Count);
        EnqueueDueSlots();
    }

    private void Conclude(RunningIteration iteration)
    {
        _now = iteration.Ended;
        if (Schedule.CanOverlap && !HasLostShard)
            EnqueueOverlappingSlots();
        Running.Remove(iteration);
        if (iteration.IsReturned && !Schedule.TryReturn(iteration.Request.Slot, iteration.Request.IsChosen))
            _queue.Drop(iteration.Request, OutcomeReason.ShardLost, _now.Now);
        MarkWaiting();
        _followUp.OnIterationEnded(iteration);
        Schedule.Invalidate();
        // The choice of a replaced iteration would come due at once and replace its successor, endlessly.
        if (iteration.Iteration.ChosenNext is { } chosen && iteration.End.Reason is not OutcomeReason.Replaced)
            Schedule.Choose(chosen, _now.Now);
        iteration.Reset();
        _owner?.OnIterationCompleted();
    }

    // After a crash: runs and changes that wait must not wait for ever.
    private async Task TryDrainAsync()
    {
        try
        {
            await DrainAsync().ConfigureAwait(false);
        }
        catch (Exception error) // what crashed the loop may do so again; the loop ends all the same
        {
            _environment.Observers.Fault(
                FaultKind.LoopCrashed,
                Task.Name,
                "The end of the loop failed, too. Runs that wait may get no answer.",
                error,
                _log.Keyed);
        }
    }

    private async Task DrainAsync()
    {
        var stop = Control.StopRequest!;
        var reason = stop.ForWaiting;
        Control.Close(); // first: a request of a thread that was interrupted before it saw the stop is among those below
        Control.TakeChange()?.SetResult(); // requested before the stop; later requests are refused
        _now = Schedule.Clock.Read();
        if (!stop.IsMove)
            _queue.DropDueSlots(reason, _now.Now, Control.PauseInForce);
        while (Control.TakeRun() is { } manual)
            _queue.Drop(new(_now.Now, manual), reason, _now.Now);
        while (true)
        {
            _wait.Reopen();
            CollectEnded();
            if (stop.IsMove)
                _queue.ReturnSlots();
            MarkWaiting();
            _queue.DropAll(reason, _now.Now);
            if (Running.Count == 0)
                break;
            await _wait.UntilAsync(LoopSchedule.Never).ConfigureAwait(false);
        }

        Schedule.Close(continues: stop.IsMove);
    }
}
