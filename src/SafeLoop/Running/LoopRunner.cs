namespace SafeLoop;

/// <summary>The loop. It waits, looks what is due, runs it, and waits again, until it is told to stop.</summary>
/// <remarks>
/// One thread of control owns everything in here but the report of a stuck iteration; others speak to its <see cref="Control"/>. It cannot die from an exception: iterations
/// end in outcomes, observers are guarded, and what a user's policy or check throws is told as a fault. Whatever ends the loop, from
/// inside or outside, is a <see cref="StopRequest"/>, so the head of the loop is the whole termination test.
/// </remarks>
internal class LoopRunner : IThreadPoolWorkItem, IIterationHost
{
    private static readonly AsyncLocal<LoopRunner?> Ambient = new();

    private readonly LoopEnvironment _environment;
    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly RunQueue _queue;
    private readonly IterationFollowUp _followUp;
    private readonly TaskCompletionSource<LoopEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopMoment _now;
    private long _look;
    private ExecutionContext? _clean;
    private LoopThreads? _threads;
    private IReadOnlyCollection<LoopRunner> _before = []; // the loops that must have ended before this one starts

    /// <param name="task">What it is to do.</param>
    /// <param name="log">Where it writes down what it has done.</param>
    /// <param name="environment">What all loops share.</param>
    /// <param name="clock">A clock shared with other loops; null: one of its own.</param>
    /// <param name="pausedWithAll">Why all loops of a keyed task are paused, if they are; null: it is the one loop of its task.</param>
    public LoopRunner(RecurringTask task, LoopLog log, LoopEnvironment environment, LoopClock? clock = null, Func<string?>? pausedWithAll = null)
    {
        (_log, _environment) = (log, environment);
        _wait = new LoopWait(environment.Pacemaker);
        Schedule = new LoopSchedule(task, log, _wait, environment.Random, environment.Observers, clock);
        _queue = new RunQueue(Schedule, log);
        var stop = new StopSignal();
        Running = new RunningIterations(this, task.Name, environment, stop, log);
        Control = new LoopControl(task, _wait, Running, stop, log, environment.Observers) { PausedWithAll = pausedWithAll };
        _followUp = new IterationFollowUp(Control, Schedule, log, environment);
    }

    /// <summary>The loop whose iteration runs or has started the caller's code; null: none.</summary>
    public static LoopRunner? Current => Ambient.Value;

    /// <summary>Ends with the loop. Never faults.</summary>
    public Task<LoopEnd> Completion => _completion.Task;

    public LoopControl Control { get; }

    public LoopSchedule Schedule { get; }

    public RunningIterations Running { get; }

    public LoopEnvironment Environment => _environment;

    public LoopLog Log => _log;

    public bool IsStarted => StartedAt is not null;

    /// <summary>True when it has begun to run.</summary>
    public bool IsEntered { get; private set; }

    /// <summary>True when its schedule waits for the application to start.</summary>
    public bool IsHeld => !Schedule.HasBegun && Control.StopRequest is null && !_environment.CanBegin(Control.Task.Options);

    /// <summary>A timestamp; null: not yet.</summary>
    public long? StartedAt { get; private set; }

    /// <summary>The last moment the loop knows of.</summary>
    protected ref readonly LoopMoment Now => ref _now;

    /// <summary>False: runs wait for a place that others have.</summary>
    protected virtual bool MayStart => true;

    /// <summary>The number of iterations that a slot that comes due now would overlap.</summary>
    protected virtual int CountOverlapped => Running.Count;

    /// <summary>Runs that start as soon as they can.</summary>
    protected bool HasRuns => _queue.Count > 0;

    private RecurringTask Task => Schedule.Task;

    // Those that have not started yet may: they count, or there would be more.
    private bool HasRunEnough => Task.Options.StopAfter is { } most && Running.CountNotStarted() + Schedule.Iterations >= most;

    /// <summary>The loop after this one, of the same task and the same key.</summary>
    public virtual LoopRunner Next(RecurringTask task) => new(task, _log, _environment, pausedWithAll: Control.PausedWithAll);

    /// <summary>Starts the loop with nothing of the caller's context: an ambient activity or logger scope would grow with every iteration.</summary>
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

    /// <summary>True when this loop starts only after another one has ended, which has not.</summary>
    public bool WaitsFor(LoopRunner other) =>
        _before.Any(loop => !loop.Completion.IsCompleted && (loop == other || loop.WaitsFor(other)));

    public void Wake() => _wait.Wake();

    /// <summary>The same, within this call.</summary>
    public void WakeHere() => _wait.WakeHere();

    void IIterationHost.OnCompleted(RunningIteration iteration)
    {
        Running.AddEnded(iteration);
        _wait.WakeHere();
    }

    public void EnterContext()
    {
        if (_clean is not null)
            ExecutionContext.Restore(_clean);
    }

    void IIterationHost.OnStuck(RunningIteration iteration) => _followUp.RecordStuck(iteration);

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        _before = []; // or a loop that is restarted often would keep all loops before it
        Ambient.Value = this; // in the context that all iterations share, so that none allocates one
        _clean = ExecutionContext.Capture();
        try
        {
            Begin();
            IsEntered = true;
            while (await _wait.UntilAsync(_look = PlanNext()).ConfigureAwait(false))   // false: told to stop. Woken early by others and by iterations that end.
            {
                TakeOffered();
                LookAtTheClock();
                TakeOverChange();
                TakeOverResume();
                CollectEnded();
                TakeRunsByHand();
                MeetDueSlots();
                StartPending();
            }

            TakeOffered(); // stopped before it was looked at, and still a loop that ends
            await SeeIterationsEndAsync().ConfigureAwait(false);
        }
        catch (Exception error) // a bug in SafeLoop itself: it must not go unseen, and whoever waits must be told
        {
            _environment.Observers.Fault(Task.Name, "The loop ended by an exception of its own, which is a bug in SafeLoop. Please report it.", error, _log.Keyed);
            Control.Stop(new(LoopEnd.Failures, OutcomeReason.None, error.Message));
        }

        End(Control.StopRequest!);
    }

    /// <summary>The loop starts.</summary>
    protected virtual void Begin()
    {
        _log.ForgetFailures();
        Control.Tell(LoopEventKind.LoopStarted);
        TakeOverChange(); // made before the start: no slot of the old schedule has come
        Schedule.CountFromHere();
        _now = Schedule.Clock.Read();
    }

    // When the loop starts, or when the application has started.
    private void BeginSchedule()
    {
        Schedule.Begin();
        StartedAt = _environment.Time.GetTimestamp();
        _now = Schedule.Clock.Read();
    }

    /// <returns>When to look again: a timestamp, at once, or not before somebody wakes the loop.</returns>
    protected virtual long PlanNext()
    {
        if (!Schedule.HasBegun && Control.StopRequest is null && _environment.CanBegin(Task.Options))
            BeginSchedule();
        if (HasRunEnough)
        {
            if (Running.Count > 0)
                return LoopSchedule.Never;
            Control.Stop(new(LoopEnd.Completed, OutcomeReason.None, $"{Schedule.Iterations:N0} iterations have run."));
            return LoopSchedule.AtOnce;
        }
        if (_queue.Count > 0 && MayStart && Running.Count < Task.MostParallel)
            return LoopSchedule.AtOnce;

        var look = Schedule.Plan(ref _now, Running.Count);
        if (look is LoopSchedule.AtOnce && !Schedule.Next.Exists && _queue.Count == 0)
            Control.Stop(new(LoopEnd.Completed, OutcomeReason.None, "The schedule has no further slot."));
        return look;
    }

    /// <summary>The wait is over, and nothing has been looked at yet. A runner that is lent takes up its loop here; others have theirs.</summary>
    protected virtual void TakeOffered()
    {
    }

    /// <summary>Others may have changed the definition.</summary>
    protected virtual void TakeOverChange()
    {
        if (Control.TakeChange() is not { } change)
            return;
        Change(Control.Task);
        Control.Tell(LoopEventKind.Changed);
        change.SetResult();
    }

    /// <summary>Goes on by another definition. A slot that has come by the old one is met before.</summary>
    protected void Change(RecurringTask task, LoopClock? clock = null)
    {
        if (!Task.Options.HasScheduleOf(task.Options) && Schedule.TryHasten(_now.Now))
            MeetDueSlots();
        Schedule.Change(task, clock);
        if (!Control.IsPausedAlone) // the failures of a paused loop explain the pause and count until it is resumed
            _log.ForgetFailures();
        _now = Schedule.Clock.Read();
    }

    /// <summary>An iteration has run, and what follows from it is done.</summary>
    protected virtual void HasRunOne()
    {
    }

    /// <summary>The loop is over.</summary>
    protected virtual void End(StopRequest stop)
    {
        _threads?.Close();
        Control.Tell(LoopEventKind.LoopEnded, stop.Reason, stop.End);
        _completion.SetResult(stop.End);
    }

    private void TakeOverResume()
    {
        if (Control.TakeResumed())
            Schedule.EndWaitForClock();
    }

    // A loop that goes on at once still knows the time its last iteration ended, unless its slot came due only after that.
    private void LookAtTheClock()
    {
        if (_look is not LoopSchedule.AtOnce || (Schedule.Next.Exists && Schedule.Next.Due > _now.Now))
            _now = Schedule.Clock.Read();
    }

    private void CollectEnded()
    {
        while (Running.TakeEnded() is { } iteration)
            Conclude(iteration);
    }

    private void TakeRunsByHand()
    {
        if (Control.TakeCancelled())
            _queue.DropCancelled(_now.Now);
        while (Control.TakeRun() is { } manual)
        {
            if (_queue.MeetByHand(manual, _now.Now, Running.Count))
                Running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
        }
    }

    private void MeetDueSlots()
    {
        using var call = Schedule.EnterPolicy(); // counting slots calls policies and exclusions
        if (_queue.MeetDueSlots(_now.Now, CountOverlapped, Control.Paused is not null))
            Running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
    }

    private void StartPending()
    {
        while (MayStart && Control.StopRequest is null && Running.Count < Task.MostParallel && !HasRunEnough && _queue.TryTake(out var run))
        {
            if (run.IsGivenUp)
                _queue.Drop(run, OutcomeReason.Cancelled, _now.Now);
            else if (!Task.Options.Enabled)
                _queue.Drop(run, OutcomeReason.Disabled, _now.Now);
            else if (run.Manual is null && Control.Paused is not null)
                _queue.Drop(run, OutcomeReason.Paused, _now.Now);
            else
                StartIteration(run);
        }
    }

    private void StartIteration(PendingRun run)
    {
        EnterContext(); // what a policy or an observer left in AsyncLocals would grow with every iteration
        var iteration = Running.Take();
        var onOwnThread = NeedsThread(iteration);
        iteration.Begin(Task, _log.Keyed, Schedule.Clock, run, _now, _log.State.ConsecutiveFailures);
        var isNow = _look is not LoopSchedule.AtOnce && !onOwnThread && !Task.MeetsSlotsWhileRunning;
        iteration.Runner.StartTimer(onOwnThread, isNow ? _now.Timestamp : StepTimer.Unknown);
        Running.Add(iteration);

        // A stop of a moment ago did not see this iteration.
        if (Control.StopRequest is { } stop)
            iteration.Runner.Stop(stop, Task.Options.DrainFor);
        if (onOwnThread && (Task.MeetsSlotsWhileRunning || _threads is not { IsCurrent: true }))
            (_threads ??= new(Task.Name)).Run(iteration);
        else if (Task.MeetsSlotsWhileRunning)
            _environment.Pacemaker.Dispatch(iteration); // its step may block, and is not to block the loop
        else if (iteration.Run())
            Conclude(iteration);
    }

    // A step that blocks while the pool is starved gets a thread. Not for keys, of which there may be a million, and not in
    // virtual
    // time, which has one thread.
    private bool NeedsThread(RunningIteration lastOne) =>
        (Task.Options.DedicatedThread || (lastOne.Runner.HasBlocked && _environment.Pacemaker.IsStarved))
        && _log.Keyed is null && !_environment.Pacemaker.HasItsOwnThread;

    private void Conclude(RunningIteration iteration)
    {
        _now = iteration.Ended;
        if (Schedule.KnowsSlotsAhead)
        {
            var ended = _now;
            Schedule.Plan(ref ended, Running.Count);
            MeetDueSlots(); // those that came due while it was running, seen while it still counts as running
        }

        Running.Remove(iteration);
        _followUp.Follow(iteration);
        Schedule.Invalidate();
        // The choice of a replaced iteration would come due at once and replace its successor, endlessly.
        if (iteration.Iteration.ChosenNext is { } chosen && iteration.End.Reason is not OutcomeReason.Replaced)
            Schedule.Choose(chosen, _now.Now);
        iteration.Reset();
        HasRunOne();
    }

    private async Task SeeIterationsEndAsync()
    {
        var reason = Control.StopRequest!.ForWaiting;
        Control.TakeChange()?.SetResult(); // requested before the stop; later requests are refused
        _now = Schedule.Clock.Read();
        _queue.DropDueSlots(reason, _now.Now, Control.Paused is not null);
        while (Control.TakeRun() is { } manual)
            _queue.Drop(new(_now.Now, manual), reason, _now.Now);
        while (true)
        {
            _wait.Reopen();
            CollectEnded();
            _queue.DropAll(reason, _now.Now);
            if (Running.Count == 0)
                break;
            await _wait.UntilAsync(LoopSchedule.Never).ConfigureAwait(false);
        }

        Schedule.Close();
        Control.Close();
    }
}
