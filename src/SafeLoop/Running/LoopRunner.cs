namespace SafeLoop;

/// <summary>The loop. It waits, looks what is due, runs it, and waits again, until it is told to stop.</summary>
/// <remarks>
/// One thread of control owns everything in here; others speak to its <see cref="Control"/>. It cannot die from an exception: iterations
/// end in outcomes, observers are guarded, and what a user's policy or check throws is told as a fault. Whatever ends the loop, from
/// inside or outside, is a <see cref="StopRequest"/>, so the head of the loop is the whole termination test.
/// </remarks>
internal sealed class LoopRunner : IThreadPoolWorkItem
{
    private readonly LoopEnvironment _environment;
    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly RunQueue _queue;
    private readonly IterationFollowUp _followUp;
    private readonly TaskCompletionSource<LoopEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecurringTask _task;
    private LoopMoment _now;
    private long _look;
    private readonly bool _isLendable;
    private volatile bool _isLent;
    private ParkedLoop? _lentTo;
    private ParkedLoop? _offered;
    private ExecutionContext? _clean;

    /// <param name="task">What it is to do.</param>
    /// <param name="log">Where it writes down what it has done.</param>
    /// <param name="environment">What all loops share.</param>
    /// <param name="shared">The clock of a keyed task, to whose loops this runner is lent one after the other; null: it has one loop for life.</param>
    public LoopRunner(RecurringTask task, LoopLog log, LoopEnvironment environment, LoopClock? shared = null)
    {
        _isLent = _isLendable = shared is not null;
        (_task, _log, _environment) = (task, log, environment);
        _wait = new LoopWait(environment.Pacemaker);
        Schedule = new LoopSchedule(task, log, _wait, environment.Random, environment.Observers, shared);
        _queue = new RunQueue(Schedule, log);
        Running = new RunningIterations(this);
        Control = new LoopControl(task, _wait, Running, log, environment.Observers);
        _followUp = new IterationFollowUp(Control, Schedule, log, environment);
    }

    /// <summary>Ends with the loop. Never faults.</summary>
    public Task<LoopEnd> Completion => _completion.Task;

    public LoopControl Control { get; }

    public LoopSchedule Schedule { get; }

    public RunningIterations Running { get; }

    /// <summary>It is given back when its loop is parked.</summary>
    public bool IsLent => _isLent;

    public LoopEnvironment Environment => _environment;

    public LoopLog Log => _log;

    public bool IsStarted => StartedAt is not null;

    /// <summary>On the wall clock; null: not yet.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>Starts the loop with nothing of the caller's context: an ambient activity or logger scope would grow with every iteration.</summary>
    /// <param name="after">The loop that was there before, which must have ended first; null: there was none.</param>
    public void Start(Task? after = null)
    {
        StartedAt = _environment.Time.GetUtcNow();
        Control.Open();
        if (after is null or { IsCompleted: true })
            _environment.Pacemaker.Dispatch(this);
        else
            after.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _environment.Pacemaker.Dispatch(this));
    }

    /// <summary>Of a runner that is lent and idle: goes on with this loop, within this call.</summary>
    public void Resume(ParkedLoop loop)
    {
        Volatile.Write(ref _offered, loop);
        _wait.WakeHere();
    }

    /// <summary>Starts with this loop, and stays with it.</summary>
    public void StartWith(ParkedLoop loop)
    {
        TurnTo(loop);
        Keep();
        Start();
    }

    /// <summary>Stays with the loop it has been lent to.</summary>
    public void Keep()
    {
        _isLent = false;
        Schedule.Keep();
    }

    public void Wake() => _wait.Wake();

    /// <summary>An iteration has ended that did not end at once. On the step's thread, where an ended await goes on anyway.</summary>
    public void HasEnded(RunningIteration iteration)
    {
        Running.HasEnded(iteration);
        _wait.WakeHere();
    }

    /// <summary>An iteration does not end although it was cancelled. On a thread of its own: the loop's may be the one that is blocked.</summary>
    public void ReportStuck(RunningIteration iteration) => _followUp.RecordStuck(iteration);

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        _clean = ExecutionContext.Capture();
        try
        {
            if (!_isLendable)
                Begin();

            while (await _wait.UntilAsync(PlanNext()).ConfigureAwait(false))   // false: told to stop. Woken early by others and by iterations that end.
            {
                TakeOffered();
                LookAtTheClock();
                TakeOverChange();
                CollectEnded();
                TakeRunsByHand();
                MeetDueSlots();
                StartPending();
            }

            await SeeIterationsEndAsync().ConfigureAwait(false);
        }
        catch (Exception error) // a bug in SafeLoop itself: it must not go unseen, and whoever waits must be told
        {
            _environment.Observers.Fault(_task.Name, "The loop ended by an exception of its own, which is a bug in SafeLoop. Please report it.", error, _log.Keyed);
            Control.Stop(new(LoopEnd.Failures, OutcomeReason.None, error.Message));
        }

        End(Control.StopRequest!);
    }

    private void End(StopRequest stop)
    {
        Control.Tell(LoopEventKind.LoopEnded, stop.Reason, stop.End);
        _completion.SetResult(stop.End);
        _lentTo?.HasEnded(stop);
    }

    private void Begin()
    {
        Control.Tell(LoopEventKind.LoopStarted);
        Schedule.Begin();
        _now = Schedule.Clock.Read();
    }

    private long PlanNext()
    {
        if (_isLendable && _lentTo is null)
            return _look = LoopSchedule.Never;
        if (_queue.Count > 0 && Running.Count < _task.MostParallel)
            return _look = LoopSchedule.AtOnce;

        _look = Schedule.Plan(ref _now, Running.Count);
        if (_look is LoopSchedule.AtOnce && !Schedule.Next.Exists && _queue.Count == 0)
            Control.Stop(new(LoopEnd.Completed, OutcomeReason.None, "The schedule has no further slot."));
        return _isLent && _look is not LoopSchedule.AtOnce && Running.Count == 0 ? Park(_look) : _look;
    }

    // When it returns, somebody else may have offered another loop already; what is this loop's must be done before.
    private long Park(long look)
    {
        var loop = _lentTo!;
        Schedule.Leave(Control.IsPausedAlone);
        loop.Memory = _log.History.Memory;
        (_lentTo, _look) = (null, LoopSchedule.Never);
        if (loop.TryPark(this, look))
            return LoopSchedule.Never;

        TurnTo(loop); // told to stop, or to stay
        return _look = look;
    }

    // Only here, so that whoever offers a loop never touches what a late wake-up may be looking at.
    private void TakeOffered()
    {
        if (_isLendable && _lentTo is null && Interlocked.Exchange(ref _offered, null) is { } loop)
            TurnTo(loop);
    }

    private void TurnTo(ParkedLoop loop)
    {
        (_lentTo, _task) = (loop, loop.Task);
        (_log.Keyed, _log.History.Memory) = (loop, loop.Memory);
        Control.TurnTo(loop);
        Schedule.TurnTo(loop.Task, loop.Clock, loop.NeedsPhase ? loop.Phase : 0);
    }

    // A loop that goes on at once still knows the time its last iteration ended, unless its slot came due only after that.
    private void LookAtTheClock()
    {
        if (_look is not LoopSchedule.AtOnce || (Schedule.Next.Exists && Schedule.Next.Due > _now.Now))
            _now = Schedule.Clock.Read();
    }

    private void TakeOverChange()
    {
        if (Control.TakeChange() is not { } change)
            return;
        _task = Control.Task;
        Schedule.Change(_task);
        _now = Schedule.Clock.Read();
        Control.Tell(LoopEventKind.Changed);
        change.SetResult();
    }

    private void CollectEnded()
    {
        while (Running.TakeEnded() is { } iteration)
            Finish(iteration);
    }

    private void TakeRunsByHand()
    {
        while (Control.TakeRun() is { } manual)
        {
            if (_queue.MeetByHand(manual, _now.Now, Running.Count))
                Running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
        }
    }

    private void MeetDueSlots()
    {
        if (_queue.MeetDueSlots(_now.Now, Running.Count, Control.Paused is not null))
            Running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
    }

    private void StartPending()
    {
        while (Control.StopRequest is null && Running.Count < _task.MostParallel && _queue.TryTake(out var run))
        {
            if (run.Manual is { IsCancelled: true })
                _queue.Drop(run, OutcomeReason.Cancelled, _now.Now);
            else if (!_task.Options.Enabled)
                _queue.Drop(run, OutcomeReason.Disabled, _now.Now);
            else if (run.Manual is null && Control.Paused is not null)
                _queue.Drop(run, OutcomeReason.Paused, _now.Now);
            else
                Start(run);
        }
    }

    private void Start(PendingRun run)
    {
        if (_clean is not null)
            ExecutionContext.Restore(_clean); // what a policy or an observer left in AsyncLocals would grow with every iteration

        var iteration = Running.Take();
        iteration.Begin(_task, _log.Keyed, Schedule.Clock, run, _now, _log.History.ConsecutiveFailures);
        Running.Add(iteration);

        // Whoever stopped the loop a moment ago did not see this iteration.
        if (Control.StopRequest is { Interrupts: not OutcomeReason.None } stop)
            iteration.Runner.CancelAfter(_task.Options.DrainFor, stop.Interrupts);
        if (iteration.Run())
            Finish(iteration);
    }

    private void Finish(RunningIteration iteration)
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
        if (iteration.Iteration.ChosenNext is { } chosen)
            Schedule.Choose(chosen, _now.Now);
        iteration.Leave();
    }

    private async Task SeeIterationsEndAsync()
    {
        var stop = Control.StopRequest!;
        var reason = stop.Interrupts is OutcomeReason.None ? OutcomeReason.Disabled : stop.Interrupts;
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
        Control.Close()?.TrySetResult();
        while (Control.TakeRun() is { } manual)
            _queue.Drop(new(_now.Now, manual), reason, _now.Now);
    }
}
