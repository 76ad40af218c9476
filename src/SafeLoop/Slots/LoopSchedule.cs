namespace SafeLoop;

/// <summary>Which slot of a loop is next: what its planner answers, on its clock, since it began.</summary>
internal sealed class LoopSchedule : IWakeable
{
    public const long AtOnce = long.MinValue, Never = long.MaxValue;

    // Set back by more than this, the clock was plainly wrong before: waiting until it has caught up would be silence.
    private static readonly TimeSpan LargestSetBack = TimeSpan.FromDays(1);

    /// <summary>Tells operators how to end the wait for a clock that was set back.</summary>
    public const string EndsWait = "To end the wait, pause and resume it: slots until then may run again.";

    // The distance from a run by hand to the next slot of the schedule, which leaves room for further runs by hand.
    private static readonly TimeSpan ManualSlotMargin = TimeSpan.FromMilliseconds(1);

    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private bool _isShared;
    private readonly LoopObservers _observers;
    private readonly Action<string, Exception?> _fault;
    private PlannedSlot _next = PlannedSlot.None;
    private bool _isPlanned; // _next is what the planner answers after the last event
    private volatile bool _isClockSet;
    private Instant _began;
    private Instant _chosen;
    private Instant? _chosenOnWall;
    private Instant _reportedWait;
    private long _iterationsBefore;
    private volatile bool _hasBegun;

    /// <param name="task">Whose slots.</param>
    /// <param name="log">What the loop remembers.</param>
    /// <param name="wait">Woken when the wall clock is set, where the schedule follows it.</param>
    /// <param name="random">Drawn from for jitter and back-off.</param>
    /// <param name="observers">Told what went wrong and was survived.</param>
    /// <param name="clock">The clock shared with the other loops of a keyed task; null: one of its own.</param>
    public LoopSchedule(RecurringTask task, LoopLog log, LoopWait wait, Func<double> random, LoopObservers observers, LoopClock? clock = null)
    {
        (_log, _wait, _time, _random, _observers, _fault) = (log, wait, wait.Pacemaker.Time, random, observers, Fault);
        // Without the phase of a key, because that calls user code. Begin and TurnTo read it under no lock.
        var planner = new SlotPlanner(task.Options, task.Schedule, task.Name, random);
        (Task, Planner, Clock, _isShared) = (task, planner, clock ?? ClockFor(task), clock is not null);
    }

    public RecurringTask Task { get; private set; }

    public SlotPlanner Planner { get; }

    public LoopClock Clock { get; private set; }

    /// <summary>The next slot; none, too, when it depends on an iteration that is running.</summary>
    public ref readonly PlannedSlot Next => ref _next;

    /// <summary>The same for others than the loop, on the wall clock.</summary>
    public DateTimeOffset? NextOnWall => _next.Slot is { IsNever: false } next ? Clock.ToWall(next).ToDateTimeOffset() : null;

    /// <summary>How many iterations have started since the loop began.</summary>
    public long Iterations => _log.History.Iterations - _iterationsBefore;

    /// <summary>True when the schedule has begun. Before that, no slot is planned.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Slots come due while an iteration is running.</summary>
    public bool KnowsSlotsAhead => Planner.KnowsSlotsAhead && !Task.IsParallel;

    /// <summary>
    /// The last slot, when the wall clock was set back behind it and the next slot waits until the clock has passed it. Null
    /// when the loop does not wait for the clock.
    /// </summary>
    public Instant? WaitsForClockUntil =>
        _log.History.Slot is var last && _next.Exists && _next.Due > last && Clock.IsBehind(last) ? last : null;

    private RecurringTaskOptions Options => Task.Options;

    private Instant? StartAt => Options.StartAt is { } start ? Clock.FromWall(start) : null;

    private Instant EndAt => Options.EndAt is { } end ? Clock.FromWall(end) : Instant.Never;

    /// <summary>Starts counting iterations, so that the next one counts as the first whatever ran before.</summary>
    public void CountFromHere() => _iterationsBefore = _log.History.Iterations;

    /// <summary>Marks the schedule as not begun, for a loop whose task still waits for the application to start.</summary>
    public void Hold() => _hasBegun = false;

    /// <summary>Begins the schedule now.</summary>
    public void Begin()
    {
        Clock = ClockFor(Task);
        TakePhase(Planner); // the loop before this one may not have been lent its key yet, when this was made
        if (Clock.IsBehind(_log.History.Slot))
            _log.History.Slot = Instant.None;
        _log.History.Planned = Instant.None;
        _began = Clock.Now;
        BeginPlan(Planner.PlannedFrom(_began, StartAt));
        (_isPlanned, _hasBegun) = (false, true);
    }

    /// <summary>Turns to a parked loop, whose memory is in the log: goes on where it left off, or begins, where it never had begun.</summary>
    public void TurnTo(RecurringTask task, LoopClock clock)
    {
        ref readonly var memory = ref _log.History.Memory;
        if (task != Task)
            Load(task);
        else if (memory.Planned.IsNone || Task.Schedule is CronSchedule) // an interval has its phase in its slots, once it has begun
            TakePhase(Planner);
        var isStopgap = (memory.ParkedAs & ParkedAs.PolicyBroken) != 0;
        Planner.Forget(isStopgap);
        Clock = clock;

        (_next, _chosen, _chosenOnWall, _hasBegun) = (PlannedSlot.None, Instant.None, null, true);
        _isPlanned = false;
        _began = memory.ParkedAs is ParkedAs.New ? Clock.Now : Instant.Min(Planner.StartOf(memory.From), Clock.Now);
        if (memory.ParkedAs is ParkedAs.New)
        {
            BeginPlan(Planner.PlannedFrom(_began, StartAt));
            return;
        }

        var bySchedule = (memory.ParkedAs & ParkedAs.BySchedule) != 0;
        if ((memory.ParkedAs & ParkedAs.OnWall) != 0)
            (_chosen, _chosenOnWall) = (Instant.None, memory.NextSlot.ToDateTimeOffset());
        else if (!bySchedule && !memory.Planned.IsNone) // else it is the start
            _chosen = Instant.Min(memory.NextSlot, memory.NextDue); // it may be due before its slot, when the clock was set back

        if (_chosenOnWall is null)
            (_next, _isPlanned) = (new(memory.NextSlot, memory.NextDue, bySchedule) { IsStopgap = isStopgap }, (memory.ParkedAs & ParkedAs.Over) == 0);
        else
            AskAgain(memory.NextDue);
        WatchWallClock();
    }

    /// <summary>Leaves the plan in the memory of a loop that is being parked.</summary>
    public void Leave(bool paused)
    {
        ref var memory = ref _log.History.Memory;
        (memory.NextSlot, memory.NextDue) = (_chosenOnWall ?? _next.Slot, _next.Due);
        memory.ParkedAs = ParkedAs.Planned
            | (_next.BySchedule ? ParkedAs.BySchedule : 0)
            | (_chosenOnWall is null ? 0 : ParkedAs.OnWall)
            | (paused ? ParkedAs.Paused : 0)
            | (Planner.Mistake is null ? 0 : ParkedAs.PolicyBroken);
        (_next, _isPlanned) = (PlannedSlot.None, false);
    }

    /// <summary>
    /// Something has happened on which the plan depends: an iteration has ended, a slot was skipped. It is made anew at the next
    /// look.
    /// </summary>
    public void Invalidate() => _isPlanned = false;

    /// <summary>The wall clock was set.</summary>
    void IWakeable.Wake()
    {
        _isClockSet = true;
        _wait.Wake();
    }

    /// <summary>From now on there is one loop, which watches its clock itself.</summary>
    public void Keep()
    {
        _isShared = false;
        WatchWallClock();
    }

    /// <summary>A slot that has come waits for its jitter no longer: a schedule that begins now would not know of it.</summary>
    /// <returns>False: the next slot is yet to come.</returns>
    public bool TryHasten(Instant now)
    {
        if (_next.Slot > now)
            return false;
        _next = _next with { Due = Instant.Min(_next.Due, now) };
        return true;
    }

    /// <summary>New options: a new schedule begins now, with the old history. The same schedule goes on as it was.</summary>
    public void Change(RecurringTask task, LoopClock? clock = null)
    {
        _isPlanned = false;
        if (Options.HasScheduleOf(task.Options))
        {
            Load(task);
            WatchWallClock();
            return;
        }

        EndWaitForClock();
        var (before, history) = (Options, _log.History);
        _next = PlannedSlot.None; // a slot of the old schedule
        if (task.FollowsWallClock != Clock.FollowsWall)
            Clock = clock ?? ClockFor(task);
        Load(task);
        (_chosen, _chosenOnWall) = (Instant.None, null);

        // A loop that still waits for its start goes on waiting; none waits for StartAfter a second time.
        var now = Instant.Max(Clock.Now, LastManualSlot.JustAfter);
        var first = history.Planned.IsNone ? Planner.PlannedFrom(_began, StartAt) : Instant.None;
        BeginPlan(first > now ? first : Planner.PlannedAnew(before, history.From, now, StartAt));
    }

    /// <summary>Begins the schedule of another definition now, as if the loop had just started. Keeps the history.</summary>
    public void BeginBy(RecurringTask task)
    {
        Load(task);
        (_next, _isPlanned, _chosen, _chosenOnWall) = (PlannedSlot.None, false, Instant.None, null);
        (_log.History.Planned, _began) = (Instant.None, Instant.Max(Clock.Now, LastManualSlot.JustAfter));
        BeginPlan(Planner.PlannedFrom(_began, StartAt));
    }

    /// <summary>
    /// Ends the wait for a wall clock that was set back, as an operator requested: forgets slots in the future and begins the
    /// schedule again.
    /// </summary>
    public void EndWaitForClock()
    {
        _isPlanned = false;
        if (Clock.IsBehind(_log.History.Slot))
            ForgetFuture(_log.History, Clock.Now);
    }

    /// <summary>
    /// Takes a slot for a run by hand: the present, or the nearest instant after the last slot and before the next slot of the
    /// schedule.
    /// </summary>
    /// <returns><see cref="Instant.None"/> when there is no room between the two.</returns>
    public Instant TakeManualSlot(Instant now)
    {
        if (_hasBegun && !_isPlanned && Planner.KnowsSlotsAhead)
            Ask(now);
        var earliest = Instant.Max(_log.History.Slot, LastManualSlot).JustAfter;
        var slot = Instant.Max(earliest, Instant.Min(now, _next.Slot - ManualSlotMargin));
        if (slot >= _next.Slot)
        {
            // The first slot of a schedule may move by a tick. Later slots are fixed.
            if (_next.BySchedule && Planner.KnowsSlotsAhead && !_log.History.Planned.IsNone)
                return Instant.None;
            _next = _next with { Slot = slot.JustAfter };
        }
        return _log.LastManualSlot = slot;
    }

    /// <summary>A step has chosen the next slot. An instant that has passed means: now, not late.</summary>
    public void Choose(ChosenSlot chosen, Instant ended)
    {
        // Passed by the wall clock alone, it was reckoned from the iteration's times, which are the loop's. To go on at once would be to spin.
        if (chosen.Instant is { } instant && Clock.FromWall(instant) <= ended)
            chosen = new(instant > ended ? instant - ended : TimeSpan.Zero, null);
        (_chosen, _chosenOnWall) = (chosen.Delay is { } delay ? ended + delay : Instant.None, chosen.Instant);
        _isPlanned = false;
        WatchWallClock();
    }

    /// <summary>Plans the next slot, if anything has happened since it was planned, and says when to look again.</summary>
    /// <param name="now">The last moment the loop knows of; brought up to date when that does not suffice to tell.</param>
    /// <param name="running">How many iterations are running.</param>
    public long Plan(ref LoopMoment now, int running)
    {
        if (!_hasBegun)
            return Never;
        if (_isClockSet)
            (_isClockSet, _isPlanned) = (false, false);
        if (running > 0 && !Planner.KnowsSlotsAhead && (running >= Task.MostParallel || Planner.CountsFromTheEnd))
            (_next, _isPlanned) = (PlannedSlot.None, false);
        else if (!_isPlanned)
            Ask(now.Now);

        if (!_next.Exists)
            return running == 0 ? AtOnce : Never;
        if (_next.Due <= now.Now)
            return AtOnce;

        now = Clock.Read();
        return _next.Due <= now.Now ? AtOnce : Clock.TimestampOf(_next.Due, now);
    }

    /// <summary>Takes the slots that have come due: from now on they are met, and the next ones come after them.</summary>
    public bool TryTakeDue(Instant now, out PlannedSlot first, out DueSlots due)
    {
        if (_next.Due > now)
        {
            (first, due) = (PlannedSlot.None, default);
            return false;
        }

        first = _next;
        due = Planner.DueSlots(_next, now, EndAt);
        _log.History.Slot = due.Latest;
        if (first.BySchedule || _log.History.Planned.IsNone)
            _log.History.Planned = due.Latest;
        (_next, _isPlanned, _chosen, _chosenOnWall) = (PlannedSlot.None, false, Instant.None, null);
        return true;
    }

    /// <summary>Marks the start of code that may call the user's policy or exclusions.</summary>
    public UserCall EnterPolicy() =>
        Planner.Callee is { } callee ? _observers.Calls.Enter(callee, (object?)_log.Keyed ?? Task.Name) : default;

    /// <summary>The coming slots, for others than the loop.</summary>
    public List<UpcomingSlot> Foresee(int count)
    {
        using var call = EnterPolicy();
        LoopHistory history;
        lock (_log.Gate)
            history = _log.History.Copy();

        if (Options.StopAfter is { } most)
            count = (int)Math.Clamp(most - Iterations, 0, count);
        if (!_hasBegun)
            (history.Planned, history.From) = (Instant.None, Planner.PlannedFrom(Clock.Now, StartAt)); // as if it began now
        var planner = PlannerFor(Task);
        planner.BeginAt(_hasBegun ? _began : Clock.Now, StartAt);
        return SlotForecast.Of(Task, planner, history, Clock, _next.Slot, EndAt, count);
    }

    /// <summary>The loop is over.</summary>
    public void Close()
    {
        WallClockWatch.For(_wait.Pacemaker).Remove(this);
        _wait.Close();
    }

    private void Fault(string text, Exception? error) => _observers.Fault(Task.Name, text, error, _log.Keyed);

    private LoopClock ClockFor(RecurringTask task) =>
        new(_time, task.FollowsWallClock, Instant.Max(_log.History.Slot, _log.LastManualSlot));

    // A run by hand from before the wall clock was set back must not delay the schedule.
    private Instant LastManualSlot => Clock.IsBehind(_log.LastManualSlot) ? Instant.None : _log.LastManualSlot;

    // In place, because a runner serves loops with different schedules by turns and must not allocate.
    private void Load(RecurringTask task)
    {
        Task = task;
        Planner.Load(task.Options, task.Schedule);
        TakePhase(Planner);
    }

    private SlotPlanner PlannerFor(RecurringTask task)
    {
        var planner = new SlotPlanner(task.Options, task.Schedule, task.Name, _random);
        TakePhase(planner);
        return planner;
    }

    // Of one of many loops: its own, not the task's.
    private void TakePhase(SlotPlanner planner)
    {
        if (!planner.IsSpread || _log.Keyed is not { } loop)
            return;
        using var call = _observers.Calls.Enter("the text of its key", loop);
        try
        {
            planner.Phase = loop.Phase;
        }
        catch (Exception error) // the text of a key is user code; the loop runs without it
        {
            planner.Phase = 0;
            Fault("The text of its key threw, so its slots are not spread.", error);
        }
    }

    private void BeginPlan(Instant from)
    {
        _log.History.From = from;
        WatchWallClock();
    }

    private void WatchWallClock()
    {
        if (_isShared)
            return; // whoever parks them watches for all
        if (Clock.FollowsWall || Planner.HasExclusions || Options.StartAt is not null || Options.EndAt is not null || _chosenOnWall is not null)
            WallClockWatch.For(_wait.Pacemaker).Add(this);
    }

    private void Ask(Instant now)
    {
        var history = _log.History;
        if (Clock.FollowsWall && (Remembered(history) > now || IsBeforeBegin(history, now)))
            MeetSetBack(history, Clock.Now); // the loop's last look may be long ago
        if (Options.StartAt is not null && history.Planned.IsNone)
            history.From = Planner.PlannedFrom(_began, StartAt); // the wall clock may have been set since
        if (Options.RunOnStart && history.Planned.IsNone)
            Planner.BeginAt(_began, StartAt);
        if (Planner.HasExclusions)
            Planner.WallShift = Clock.WallShift;
        using var call = EnterPolicy();
        Planner.Next(history, _chosenOnWall is { } wall ? Clock.FromWall(wall) : _chosen, now, EndAt, _fault, ref _next);
        _isPlanned = true;
        if (_next.Slot <= _log.LastManualSlot && LastManualSlot is { IsNone: false } taken)
            _next = Planner.MoveBehind(taken, _next, EndAt);
        if (history.Slot > now && WaitsForClockUntil is { } until && _reportedWait != until && !_isShared)
        {
            _fault(
                $"The wall clock was set back to {Clock.Now}; the loop waits for the clock until {until}, "
                    + $"because no slot runs twice. {EndsWait}",
                null);
            _reportedWait = until;
        }
    }

    // Where an instant of the wall clock lies among the slots depends on where that clock is now; the jitter is drawn already.
    private void AskAgain(Instant due)
    {
        Ask(Clock.Now);
        _next = _next with { Due = Instant.Min(_next.Due, due) };
    }

    private static Instant Remembered(LoopHistory history) => Instant.Max(history.Slot, history.Ended);

    private bool IsBeforeBegin(LoopHistory history, Instant now) =>
        history.Planned.IsNone && (_began > now || (Options.StartAt is null && Planner.StartOf(history.From) > now));

    // The wall clock was wrong before, or is now: what the loop remembers of the future must not make it wait until then.
    private void MeetSetBack(LoopHistory history, Instant now)
    {
        if (Remembered(history) - now > LargestSetBack)
        {
            var last = Remembered(history);
            _fault($"The wall clock was set back to {now}, far behind the last slot {last}; the schedule begins anew.", null);
            ForgetFuture(history, now);
        }
        else if (IsBeforeBegin(history, now))
        {
            BeginAnew(history, now);
        }
        else if (Clock.IsBehind(history.Ended))
        {
            CountFromNow(history, now);
        }
    }

    private void ForgetFuture(LoopHistory history, Instant now)
    {
        CountFromNow(history, now);
        (history.Slot, history.Planned) = (Instant.None, Instant.None);
        BeginAnew(history, now);
    }

    // A back-off and the choice of a step count from the end of an iteration, which must not be in the future.
    private void CountFromNow(LoopHistory history, Instant now)
    {
        if (history.Ended <= now)
            return;
        if (!_chosen.IsNone)
            _chosen = now + (_chosen - history.Ended);
        history.Ended = now;
    }

    private void BeginAnew(LoopHistory history, Instant now) => (_began, history.From) = (now, Planner.PlannedFrom(now, StartAt));
}
