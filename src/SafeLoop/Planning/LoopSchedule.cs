namespace SafeLoop;

/// <summary>Plans the next slot of a loop that is awake, on its clock. The plan itself is in the loop's state.</summary>
internal sealed class LoopSchedule : IWakeable
{
    /// <summary>The mistake of a delay policy, after "the delay policy", when it is no longer known.</summary>
    public const string UnknownMistake = "gave no sound answer";

    public const long AtOnce = long.MinValue, Never = long.MaxValue;

    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly Func<double> _random;
    private readonly LoopObservers _observers;
    private bool _isShared;
    private volatile bool _isClockSet;
    private string? _mistake;
    private Instant _reportedWait;
    private long _iterationsBefore;

    /// <param name="task">The definition.</param>
    /// <param name="log">Has the loop's state.</param>
    /// <param name="wait">Woken when the wall clock is set, where the schedule follows it.</param>
    /// <param name="random">Drawn from for jitter and back-off.</param>
    /// <param name="observers">Receives faults.</param>
    /// <param name="clock">The clock shared with the other loops of a keyed task; null: one of its own.</param>
    public LoopSchedule(
        RecurringTask task, LoopLog log, LoopWait wait, Func<double> random, LoopObservers observers, LoopClock? clock = null)
    {
        (_log, _wait, _random, _observers) = (log, wait, random, observers);
        (Task, Clock, _isShared) = (task, clock ?? ClockFor(task), clock is not null);
    }

    public RecurringTask Task { get; private set; }

    public LoopClock Clock { get; private set; }

    /// <summary>The next slot; none, too, when it depends on an iteration that is running.</summary>
    public PlannedSlot Next => LoopPlan.Next(State, Task, Clock);

    /// <summary>The next slot on the wall clock; null: none.</summary>
    public DateTimeOffset? NextOnWall => Next.Slot is { IsNever: false } next ? Clock.ToWall(next).ToDateTimeOffset() : null;

    /// <summary>How many iterations have started since the loop began.</summary>
    public long Iterations => State.Iterations - _iterationsBefore;

    /// <summary>True when the schedule has begun. Before that, no slot is planned.</summary>
    public bool HasBegun => State.HasBegun;

    /// <summary>Slots come due while an iteration is running.</summary>
    public bool HasKnownSlots => Task.Rules.HasKnownSlots && !Task.IsParallel;

    /// <summary>What is wrong with the policy's last answer, after "the delay policy"; null: nothing.</summary>
    public string? Mistake => State.IsPolicyBroken ? _mistake ?? UnknownMistake : null;

    /// <summary>The last slot, while the loop waits for a wall clock that was set back behind it; otherwise null.</summary>
    public Instant? WaitsForClockUntil => ClockSetBack.WaitsUntil(State, Task, Clock);

    private ref LoopState State => ref _log.State;

    private RecurringTaskOptions Options => Task.Options;

    private PlanContext Context => new(Task, Clock, _log.Keyed, _observers, _random) { LastManualSlot = _log.LastManualSlot };

    /// <summary>Starts counting iterations, so that the next one counts as the first whatever ran before.</summary>
    public void CountFromHere() => _iterationsBefore = State.Iterations;

    /// <summary>Begins the schedule now.</summary>
    public void Begin()
    {
        Clock = ClockFor(Task);
        Planner.Begin(ref State, Context);
        WatchWallClock();
    }

    /// <summary>Attaches another loop of the task, whose state is in the log.</summary>
    public void Load(RecurringTask task, LoopClock clock) => (Task, Clock, _mistake) = (task, clock, null);

    /// <summary>
    /// Something has happened on which the plan depends: an iteration has ended, a slot was skipped. It is made anew at the next
    /// look.
    /// </summary>
    public void Invalidate() => State.IsPlanned = false;

    /// <summary>The wall clock was set.</summary>
    void IWakeable.Wake()
    {
        _isClockSet = true;
        _wait.Wake();
    }

    /// <summary>Pins the schedule to one loop. From now on it watches the clock itself.</summary>
    public void Pin()
    {
        _isShared = false;
        WatchWallClock();
    }

    /// <summary>Makes a slot due that has come and waits for its jitter.</summary>
    /// <returns>False when the next slot is yet to come.</returns>
    public bool TryMakeDue(Instant now) => Planner.TryMakeDue(ref State, Task, Clock, now);

    /// <summary>Begins the schedule of new options now. The same schedule goes on as it was.</summary>
    public void Change(RecurringTask task, LoopClock? clock = null)
    {
        var before = Options;
        if (!before.HasScheduleOf(task.Options))
        {
            EndWaitForClock();
            if (task.FollowsWallClock != Clock.IsWallClock)
                Clock = clock ?? ClockFor(task);
        }
        Task = task;
        Planner.Change(ref State, before, Context);
        WatchWallClock();
    }

    /// <summary>
    /// Begins the schedule of another definition now, as if the loop had just started. Keeps what has happened.
    /// </summary>
    public void BeginBy(RecurringTask task)
    {
        Task = task;
        Planner.BeginBy(ref State, Context);
        WatchWallClock();
    }

    /// <summary>Ends the wait for a wall clock that was set back.</summary>
    public void EndWaitForClock() => ClockSetBack.EndWait(ref State, Context);

    /// <summary>Takes a slot for a run by hand.</summary>
    /// <returns><see cref="Instant.None"/> when there is no room before the next slot of the schedule.</returns>
    public Instant TakeManualSlot(Instant now)
    {
        if (HasBegun && !State.IsPlanned && Task.Rules.HasKnownSlots)
            PlanNext(now);
        var slot = Planner.TakeManualSlot(ref State, Context, now);
        if (!slot.IsNone)
            _log.LastManualSlot = slot;
        return slot;
    }

    /// <summary>Notes that a step has selected the next slot.</summary>
    public void Choose(ChosenSlot chosen, Instant ended)
    {
        Planner.Choose(ref State, Context, chosen, ended);
        WatchWallClock();
    }

    /// <summary>Plans the next slot, if anything has happened since it was planned, and says when to look again.</summary>
    /// <param name="now">The last moment the loop knows of; read again when that does not suffice.</param>
    /// <param name="running">How many iterations are running.</param>
    public long Plan(ref LoopMoment now, int running)
    {
        if (!HasBegun)
            return Never;
        if (_isClockSet)
            (_isClockSet, State.IsPlanned) = (false, false);
        if (running > 0 && DependsOnRunning(running))
            Planner.Withhold(ref State);
        else if (!State.IsPlanned)
            PlanNext(now.Now);

        var next = Next;
        if (!next.Exists)
            return running == 0 ? AtOnce : Never;
        if (next.Due <= now.Now)
            return AtOnce;

        now = Clock.Read();
        return next.Due <= now.Now ? AtOnce : Clock.TimestampOf(next.Due, now);
    }

    /// <summary>Takes the slots that are due. The next ones come after them.</summary>
    public bool TryTakeDue(Instant now, out PlannedSlot first, out DueSlots due) =>
        Planner.TryTakeDue(ref State, Context, now, out first, out due);

    /// <summary>The slot after one of the schedule; never when it is not known ahead.</summary>
    public Instant After(Instant slot) => Task.Rules.After(slot, Context.WallShift);

    /// <summary>The slot before one of the schedule; none when it is not known, or the first.</summary>
    public Instant Before(Instant slot) => Task.Rules.Before(slot, Context.WallShift);

    /// <summary>Marks the start of code that may call the user's policy or exclusions.</summary>
    public UserCall EnterPolicy() => Task.Rules.Callee is null ? default : Context.EnterPolicy();

    /// <summary>The coming slots, for others than the loop.</summary>
    public List<UpcomingSlot> Foresee(int count)
    {
        LoopState state;
        lock (_log.Gate)
            state = State;
        return Forecast.Create(state, Context, Iterations, count);
    }

    /// <summary>The loop is over. The next one begins its schedule anew.</summary>
    public void Close()
    {
        State.End();
        WallClockWatch.For(_wait.Pacemaker).Remove(this);
        _wait.Close();
    }

    private bool DependsOnRunning(int running) =>
        !Task.Rules.HasKnownSlots && (running >= Task.MostParallel || Task.Rules.CountsFromEnd);

    private LoopClock ClockFor(RecurringTask task) =>
        new(_wait.Pacemaker.Time, task.FollowsWallClock, Instant.Max(State.Slot, _log.LastManualSlot));

    private void WatchWallClock()
    {
        if (_isShared)
            return; // who parks the loops watches for all
        if (Clock.IsWallClock || Task.Rules.HasExclusions || Options.StartAt is not null || Options.EndAt is not null
            || State.IsOnWall)
            WallClockWatch.For(_wait.Pacemaker).Add(this);
    }

    private void PlanNext(Instant now)
    {
        var context = Context;
        if (Planner.Plan(ref State, context, now) is { } mistake)
            _mistake = mistake;
        if (State.Slot > now && !_isShared && WaitsForClockUntil is { } until && _reportedWait != until)
        {
            context.Fault(
                FaultKind.WaitsForClock,
                $"The wall clock was set back to {Clock.Now}; the loop waits for the clock until {until}, "
                    + $"because no slot runs twice. {ClockSetBack.HowToEndWait}",
                null);
            _reportedWait = until;
        }
    }
}
