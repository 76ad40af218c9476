using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Plans the next slot of a loop that is awake, on its clock. The plan itself is in the loop's state.</summary>
internal sealed class LoopSchedule : IWakeable
{
    /// <summary>The mistake of a delay policy, to follow "the delay policy", when its details are no longer known.</summary>
    public const string UnknownMistake = "returned no valid slot";

    public const long AtOnce = long.MinValue, Never = long.MaxValue;

    private const long NoneWaits = -1;

    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly Func<double> _random;
    private readonly LoopObservers _observers;
    private bool _isShared;
    private volatile bool _isClockSet;
    private string? _mistake;
    private Instant _reportedWait;
    private Instant _restoredAt;
    private long _iterationsBefore;
    private (Instant Slot, bool IsChosen)? _returned; // the first slot that was taken but did not start
    private long _waiting = NoneWaits; // the first taken slot without an outcome; read by other threads

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

    /// <summary>The next slot; none also when it depends on a running iteration.</summary>
    public PlannedSlot Next => LoopPlan.Next(State, Task, Clock);

    /// <summary>The next slot on the wall clock; null: none.</summary>
    public DateTimeOffset? NextOnWall => Next.Slot is { IsNever: false } next ? Clock.ToWall(next).ToDateTimeOffset() : null;

    /// <summary>How many iterations have started since the loop began.</summary>
    public long Iterations => State.Iterations - _iterationsBefore;

    /// <summary>True when the schedule has begun. Before that, no slot is planned.</summary>
    public bool HasBegun => State.HasBegun;

    /// <summary>True when the next slot is known while an iteration is running, so that slots can overlap it.</summary>
    public bool CanOverlap => Task.Rules.HasKnownSlots && !Task.IsParallel;

    /// <summary>What is wrong with the policy's last result, to follow "the delay policy"; null when it is valid.</summary>
    public string? Mistake => State.IsPolicyBroken ? _mistake ?? UnknownMistake : null;

    /// <summary>The last slot, while the loop waits for a wall clock that was set back behind it; otherwise null.</summary>
    public Instant? WaitsForClockUntil => ClockSetBack.WaitsUntil(State, Task, Clock);

    private ref LoopState State => ref _log.State;

    private RecurringTaskOptions Options => Task.Options;

    private PlanContext Context => new(Task, Clock, _log.Keyed, _observers, _random) { LastManualSlot = _log.LastManualSlot };

    /// <summary>Restarts <see cref="Iterations"/> at zero.</summary>
    public void CountFromHere() => _iterationsBefore = State.Iterations;

    /// <summary>Begins the schedule now.</summary>
    public void Begin()
    {
        Clock = ClockFor(Task);
        Planner.Begin(ref State, Context);
        WatchWallClock();
    }

    /// <summary>Continues a schedule that has begun on another host.</summary>
    public void Continue()
    {
        Clock = ClockFor(Task);
        WatchWallClock();
    }

    /// <summary>Restores what a store remembers of the loop, whose schedule has just begun.</summary>
    /// <param name="stored">What is stored.</param>
    /// <param name="withSlots">True: the slots since the last stored one are due.</param>
    public void Restore(StoredLoop stored, bool withSlots)
    {
        _log.Restore(stored);
        if (!withSlots || stored.LastSlot is not { } last || stored.Schedule != Task.Options.ScheduleText)
            return;
        _log.LastManualSlot = Instant.None; // a run by hand that came first must not hide the slots before it
        _restoredAt = Clock.Now;
        Planner.GoOnAfter(ref State, Context, last);
    }

    /// <summary>Lets the schedule of a key, which has just begun, go on after its last stored slot.</summary>
    public void GoOnAfter(Instant last, Instant restoredAt)
    {
        _log.LastManualSlot = Instant.None; // a run by hand that came first must not hide the slots before it
        _restoredAt = restoredAt;
        Planner.GoOnAfter(ref State, Context, last);
    }

    /// <summary>True when the slot came due while no host was running.</summary>
    public bool WasHostDown(Instant slot) => slot <= _restoredAt;

    /// <summary>Attaches another loop of the task, whose state is in the log.</summary>
    public void Load(RecurringTask task, LoopClock clock, Instant restoredAt) =>
        (Task, Clock, _mistake, _restoredAt) = (task, clock, null, restoredAt);

    /// <summary>
    /// Marks the plan as out of date, because an iteration has ended or a slot was skipped. <see cref="Plan"/> then renews it.
    /// </summary>
    public void Invalidate() => State.IsPlanned = false;

    /// <summary>Called when the wall clock was set.</summary>
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

    /// <summary>Makes a slot due whose time has come but whose jitter has not passed.</summary>
    /// <returns>False when the next slot is in the future.</returns>
    public bool TryMakeDue(Instant now) => Planner.TryMakeDue(ref State, Task, Clock, now);

    /// <summary>Begins the schedule of new options now. An unchanged schedule continues.</summary>
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
    public void BeginWith(RecurringTask task)
    {
        Task = task;
        Planner.BeginWith(ref State, Context);
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

    /// <summary>Sets the next slot that a step chose.</summary>
    public void Choose(ChosenSlot chosen, Instant ended)
    {
        Planner.Choose(ref State, Context, chosen, ended);
        WatchWallClock();
    }

    /// <summary>Plans the next slot, if the plan is out of date.</summary>
    /// <param name="now">The moment at which the loop last read its clock. Updated if this method reads it again.</param>
    /// <param name="running">The number of running iterations.</param>
    /// <returns>The timestamp until which the loop waits, or <see cref="AtOnce"/> or <see cref="Never"/>.</returns>
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
    public bool TryTakeDue(Instant now, out PlannedSlot first, out DueSlots due)
    {
        if (!Planner.TryTakeDue(ref State, Context, now, out first, out due))
            return false;
        if (Task.Shard is not null && _waiting == NoneWaits)
            Volatile.Write(ref _waiting, Pack(first.Slot, !first.IsBySchedule));
        return true;
    }

    /// <summary>The slot after one of the schedule; never when it is not known ahead.</summary>
    public Instant After(Instant slot) => Task.Rules.After(slot, Context.WallShift);

    /// <summary>The slot before one of the schedule; none when it is not known, or the first.</summary>
    public Instant Before(Instant slot) => Task.Rules.Before(slot, Context.WallShift);

    /// <summary>Marks the start of code that may call the user's policy or exclusions.</summary>
    public UserCall EnterPolicy() => Task.Rules.Callee is null ? default : Context.EnterPolicy();

    /// <summary>The coming slots. May be called from any thread.</summary>
    public List<UpcomingSlot> Foresee(int count)
    {
        LoopState state;
        lock (_log.Gate)
            state = State;
        return Forecast.Create(state, Context, Iterations, count);
    }

    /// <summary>The coming slots under another definition, which the loop does not get. May be called from any thread.</summary>
    /// <param name="other">The definition.</param>
    /// <param name="clock">Its clock; null: that of the loop.</param>
    /// <param name="count">The maximum number of slots.</param>
    public List<UpcomingSlot> Foresee(RecurringTask other, LoopClock? clock, int count)
    {
        LoopState state;
        lock (_log.Gate)
            state = State;
        var context = Context with { Task = other, Clock = clock ?? Clock };
        if (state.HasBegun)
            Planner.Change(ref state, Task.Options, context);
        return Forecast.Create(state, context, Iterations, count);
    }

    /// <summary>Returns a slot that was taken but did not start. It is due again when the loop continues elsewhere.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="isChosen">True when a step selected it, or it is the start.</param>
    /// <returns>False when a later slot has an outcome already, so that this one needs one here.</returns>
    public bool TryReturn(Instant slot, bool isChosen)
    {
        if (slot <= _log.LastRecordedSlot)
            return false;
        if (_returned is not { } first || slot < first.Slot)
            _returned = (slot, isChosen);
        return true;
    }

    /// <summary>Publishes which slot waits, for a host that gets the state of the loop while an iteration still runs.</summary>
    /// <param name="queued">The first queued slot; null: none is queued.</param>
    public void MarkWaiting((Instant Slot, bool IsChosen)? queued)
    {
        var waiting = _returned is { } returned && !(queued?.Slot < returned.Slot) ? Pack(returned.Slot, returned.IsChosen)
            : queued is { } first ? Pack(first.Slot, first.IsChosen)
            : NoneWaits;
        if (_waiting != waiting)
            Volatile.Write(ref _waiting, waiting);
    }

    /// <summary>
    /// Makes the slots that wait due again in a copy of the loop's state, for the next owner. May be called from any thread.
    /// </summary>
    /// <param name="state">The copy.</param>
    /// <param name="unstarted">The slot of an iteration that has not started and will not; null: there is none.</param>
    /// <param name="isChosen">True when a step selected that slot, or it is the start.</param>
    public void ReturnWaiting(ref LoopState state, Instant? unstarted, bool isChosen)
    {
        var waiting = Volatile.Read(ref _waiting);
        if (unstarted is { } slot && (waiting == NoneWaits || slot.UtcTicks < waiting >> 1))
            waiting = Pack(slot, isChosen);
        if (waiting == NoneWaits || !state.HasBegun)
            return;
        Instant recorded;
        lock (_log.Gate)
            recorded = _log.LastRecordedSlot;
        var first = new Instant(waiting >> 1);
        if (first > recorded)
            Planner.Return(ref state, first, isChosen: (waiting & 1) != 0);
        else if (state.Slot > recorded)
            Planner.GoBackTo(ref state, recorded); // slots before it have outcomes, or get them here
    }

    /// <summary>Closes the schedule of a loop that has ended. A restarted loop begins its schedule again.</summary>
    /// <param name="continues">True: the loop continues on another host, so its plan stays.</param>
    public void Close(bool continues = false)
    {
        if (!continues)
            State.End();
        else if (_returned is { } first)
            Planner.Return(ref State, first.Slot, first.IsChosen);
        Volatile.Write(ref _waiting, NoneWaits); // after the return, so that another thread sees one of both
        WallClockWatch.For(_wait.Pacemaker).Remove(this);
        _wait.Close();
    }

    private static long Pack(Instant slot, bool isChosen) => (slot.UtcTicks << 1) | (isChosen ? 1L : 0); // 62 bits of ticks

    private bool DependsOnRunning(int running) =>
        !Task.Rules.HasKnownSlots && (running >= Task.MostParallel || Task.Rules.CountsFromEnd);

    private LoopClock ClockFor(RecurringTask task) =>
        new(_wait.Pacemaker.Time, task.FollowsWallClock, Instant.Max(State.Slot, _log.LastManualSlot));

    private void WatchWallClock()
    {
        if (_isShared)
            return; // the keyed task watches the clock for all its loops
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
                    + $"because no slot runs twice. {ClockSetBack.HowToEndWait(Task.Options)}",
                null);
            _reportedWait = until;
        }
    }
}
