namespace SafeLoop;

/// <summary>What a loop knows of its slots: the next one, and those that are to run as soon as they can.</summary>
/// <remarks>Slots that come due leave it in one of two ways: into the queue of runs, or into the log as skipped.</remarks>
internal sealed class LoopSchedule
{
    public const long AtOnce = long.MinValue, Never = long.MaxValue;

    // Set back by more than this, the clock was plainly wrong before: waiting until it has caught up would be silence.
    private static readonly TimeSpan LargestSetBack = TimeSpan.FromDays(1);

    private static readonly TimeSpan SetBackWorthTelling = TimeSpan.FromMinutes(1);

    private readonly LoopEnvironment _environment;
    private readonly LoopLog _log;
    private readonly LoopWait _wait;
    private readonly Queue<PendingRun> _pending = new();
    private readonly Action<string, Exception?> _fault;
    private RecurringTask _task;
    private SlotPlanner _planner;
    private DateTimeOffset _began;
    private DateTimeOffset? _chosen;
    private DateTimeOffset? _chosenOnWall;
    private DateTimeOffset? _toldSetBack;
    private PlannedSlot? _next;
    private long _nextTicks;
    private long _iterationsBefore;
    private volatile bool _hasBegun;

    public LoopSchedule(RecurringTask task, LoopLog log, LoopEnvironment environment, LoopWait wait)
    {
        (_environment, _log, _wait) = (environment, log, wait);
        _fault = (text, error) => environment.Observers.Fault(task.Name, text, error);
        (_task, _planner, Clock) = (task, PlannerFor(task), ClockFor(task));
    }

    public LoopClock Clock { get; private set; }

    /// <summary>The next slot; null when there is none, or when it depends on an iteration that is running.</summary>
    public PlannedSlot? Next
    {
        get => _next;
        private set
        {
            _next = value;
            Volatile.Write(ref _nextTicks, value?.Slot.UtcTicks ?? 0);
        }
    }

    /// <summary>The same for others than the loop, on the wall clock.</summary>
    public DateTimeOffset? NextOnWall => Volatile.Read(ref _nextTicks) is > 0 and var ticks ? Clock.ToWall(new(ticks, TimeSpan.Zero)) : null;

    public int Pending => _pending.Count;

    /// <summary>How many iterations have started since the loop began.</summary>
    public long Iterations => _log.History.Iterations - _iterationsBefore;

    public bool KnowsSlotsAhead => _planner.KnowsSlotsAhead && !IsParallel;

    public int MostParallel => IsParallel ? Options.OverlapMax : 1;

    private RecurringTaskOptions Options => _task.Options;

    private bool IsParallel => Options.OnOverlap is Overlap.Allow;

    private DateTimeOffset? EndAt => Options.EndAt is { } end ? Clock.FromWall(end) : null;

    /// <summary>The loop starts: its schedule begins now, and the first iteration counts as the first, whatever ran before.</summary>
    public void Begin()
    {
        Clock = ClockFor(_task);
        lock (_log.Gate)
            _log.History.LastPlannedSlot = null;
        _began = Clock.Now;
        BeginPlan(PlannedFrom());
        (_iterationsBefore, _hasBegun) = (_log.History.Iterations, true);
    }

    /// <summary>New options: a new schedule begins now, with the old history. The same schedule goes on as it was.</summary>
    public void Change(RecurringTask task)
    {
        if (Options.HasScheduleOf(task.Options))
        {
            (_task, _planner) = (task, PlannerFor(task));
            WatchWallClock();
            return;
        }

        Next = null; // a slot of the old schedule
        if (task.FollowsWallClock != Clock.FollowsWall)
            Clock = ClockFor(task);
        (_task, _planner, _chosen, _chosenOnWall) = (task, PlannerFor(task), null, null);

        // A loop that has begun does not wait for StartAfter a second time; one that has not, still waits.
        var started = _log.History.LastPlannedSlot is not null;
        BeginPlan(started ? Options.StartAt is { } start ? Instants.Max(Clock.FromWall(start), Clock.Now) : Clock.Now : PlannedFrom());
    }

    /// <summary>A step has chosen the next slot. An instant that has passed means: now, not late.</summary>
    public void Choose(ChosenSlot chosen, DateTimeOffset ended)
    {
        if (chosen.Instant is { } instant && Clock.FromWall(instant) <= ended)
            chosen = new(TimeSpan.Zero, null);
        (_chosen, _chosenOnWall) = (chosen.Delay is { } delay ? Instants.Add(ended, delay) ?? DateTimeOffset.MaxValue : null, chosen.Instant);
        WatchWallClock();
    }

    /// <summary>Plans the next slot and says when to look again.</summary>
    /// <param name="now">The last moment the loop knows of; brought up to date when that does not suffice to tell.</param>
    /// <param name="running">How many iterations are running.</param>
    public long PlanNext(ref LoopMoment now, int running)
    {
        if (_pending.Count > 0 && running < MostParallel)
            return AtOnce;

        Next = running == 0 || _planner.KnowsSlotsAhead || (running < MostParallel && !_planner.CountsFromTheEnd) ? Plan(now.Now) : null;
        if (Next is not { } next)
            return running == 0 ? AtOnce : Never;
        if (next.Due <= now.Now)
            return AtOnce;

        now = Clock.Read();
        return next.Due <= now.Now ? AtOnce : Clock.TimestampOf(next.Due, now);
    }

    /// <summary>Deals with the slots that have come due: queues those that are to run, records the others.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="running">How many iterations are running, or were when the slots came due.</param>
    /// <param name="paused">True: slots are skipped.</param>
    /// <returns>True when a running iteration is to be cancelled, because a newer slot replaces it.</returns>
    public bool MeetDueSlots(LoopMoment now, int running, bool paused)
    {
        if (Next is not { } next || next.Due > now.Now)
            return false;

        var due = _planner.DueSlots(next, now.Now, EndAt);
        NoteMet(next, due.Latest);
        Next = null;

        if (!Options.Enabled)
            _log.Skip(due.Count, due.Latest, OutcomeReason.Disabled, now.Now);
        else if (paused)
            _log.Skip(due.Count, due.Latest, OutcomeReason.Paused, now.Now);
        else if (IsParallel && running >= Options.OverlapMax)
            _log.Skip(due.Count, due.Latest, OutcomeReason.BufferFull, now.Now);
        else if (running > 0 && !IsParallel)
            return MeetOverlapping(next, due, now);
        else
            MeetLate(next, due, now);
        return false;
    }

    /// <summary>The coming slots, for others than the loop.</summary>
    public List<UpcomingSlot> Foresee(int count)
    {
        LoopHistory history;
        lock (_log.Gate)
            history = _log.History.Copy();

        if (Options.StopAfter is { } most)
            count = (int)Math.Clamp(most - Iterations, 0, count);
        if (!_hasBegun)
            (history.LastPlannedSlot, history.PlannedFrom) = (null, PlannedFrom(Clock.Now)); // as if it began now

        DateTimeOffset? planned = Volatile.Read(ref _nextTicks) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;
        return SlotForecast.Of(_task, PlannerFor(_task), history, Clock, planned, EndAt, count);
    }

    public bool TryTakePending(out PendingRun run) => _pending.TryDequeue(out run);

    /// <summary>A run by hand obeys overlap like any slot, but not the pause: somebody wants it now.</summary>
    /// <returns>True when a running iteration is to be cancelled, because this one replaces it.</returns>
    public bool MeetByHand(PendingRun run, LoopMoment now, int running)
    {
        if (run.Manual!.IsCancelled || !Options.Enabled)
        {
            Drop(run, run.Manual.IsCancelled ? OutcomeReason.Cancelled : OutcomeReason.Disabled, now);
            return false;
        }

        // Those about to start count as running: runs that come together are met as if they came one by one.
        var ahead = running + _pending.Count - MostParallel;
        var rule = ahead < 0 ? new OverlapRule(1, false, default) : OverlapRule.Decide(Options, 1, ahead);
        if (rule.Cancel)
            DropPending(now);
        if (rule.Keep == 0 || (IsParallel && ahead >= 0))
            Drop(run, rule.Dropped, now);
        else
            _pending.Enqueue(run);
        return rule.Cancel;
    }

    /// <summary>The loop is over.</summary>
    public void Close()
    {
        WallClockWatch.For(_environment.Pacemaker).Remove(_wait);
        _wait.Close();
    }

    private LoopClock ClockFor(RecurringTask task)
    {
        lock (_log.Gate)
            return new(_environment.Time, task.FollowsWallClock, _log.History.LastSlot);
    }

    private SlotPlanner PlannerFor(RecurringTask task) => new(task.Options, task.Delay, task.Name, _environment.Random);

    private void BeginPlan(DateTimeOffset from)
    {
        lock (_log.Gate)
            _log.History.PlannedFrom = from;
        WatchWallClock();
    }

    private DateTimeOffset PlannedFrom() => PlannedFrom(_began);

    private DateTimeOffset PlannedFrom(DateTimeOffset began) => _planner.PlannedFrom(began, Options.StartAt is { } start ? Clock.FromWall(start) : null);

    private void WatchWallClock()
    {
        if (Clock.FollowsWall || _planner.HasExclusions || Options.StartAt is not null || Options.EndAt is not null || _chosenOnWall is not null)
            WallClockWatch.For(_environment.Pacemaker).Add(_wait);
    }

    private PlannedSlot? Plan(DateTimeOffset now)
    {
        lock (_log.Gate)
        {
            var history = _log.History;
            if (history.LastSlot - now > SetBackWorthTelling && Clock.FollowsWall)
                MeetSetBack(history, history.LastSlot!.Value, Clock.Now);
            if (Options.StartAt is not null && history.LastPlannedSlot is null)
                history.PlannedFrom = PlannedFrom(); // the wall clock may have been set since
            if (_planner.HasExclusions)
                _planner.WallShift = Clock.WallShift;
            return _planner.Next(history, _chosenOnWall is { } wall ? Clock.FromWall(wall) : _chosen, now, EndAt, _fault);
        }
    }

    private void MeetSetBack(LoopHistory history, DateTimeOffset last, DateTimeOffset now)
    {
        if (last - now > LargestSetBack)
        {
            _fault($"The wall clock was set back to {now:O}, far behind the last slot {last:O}; the schedule begins anew.", null);
            (history.LastSlot, history.LastPlannedSlot, _began) = (null, null, now);
            history.PlannedFrom = PlannedFrom();
        }
        else if (last - now > SetBackWorthTelling && _toldSetBack != last)
        {
            _fault($"The wall clock was set back to {now:O}; no slot runs twice, so the next one comes after {last:O}.", null);
            _toldSetBack = last;
        }
    }

    private void NoteMet(PlannedSlot met, DateTimeOffset latest)
    {
        lock (_log.Gate)
        {
            _log.History.LastSlot = latest;
            if (met.BySchedule || _log.History.LastPlannedSlot is null)
                _log.History.LastPlannedSlot = latest;
        }
        (_chosen, _chosenOnWall) = (null, null);
    }

    private bool MeetOverlapping(PlannedSlot first, DueSlots due, LoopMoment now)
    {
        var rule = OverlapRule.Decide(Options, due.Count, _pending.Count);
        if (rule.Cancel)
        {
            DropPending(now);
            _pending.Enqueue(new(due.Latest));
        }
        else
        {
            DateTimeOffset? slot = first.Slot;
            for (var kept = 0L; kept < rule.Keep && slot is { } keep; kept++)
            {
                _pending.Enqueue(new(keep));
                slot = _planner.After(keep);
            }
        }

        if (due.Count > rule.Keep)
            _log.Skip(due.Count - rule.Keep, rule.Cancel ? _planner.Before(due.Latest) ?? first.Slot : due.Latest, rule.Dropped, now.Now);
        return rule.Cancel;
    }

    private void DropPending(LoopMoment now)
    {
        while (_pending.TryDequeue(out var replaced))
            Drop(replaced, OutcomeReason.PreviousRunning, now);
    }

    private void MeetLate(PlannedSlot first, DueSlots due, LoopMoment now)
    {
        var jitter = first.Due - first.Slot;
        var onTime = jitter > TimeSpan.Zero ? now.Now - jitter : now.Now;
        var gap = due.Count > 1 || Options.OnMissed is not MissedSlots.RunLatest ? _planner.GapAfter(due.Latest) : null;
        var most = MissedRule.SlotsToRun(Options, due.Count, onTime - due.Latest, gap);

        var (run, oldest) = (Math.Min(most, 1), due.Latest);
        for (; run < most && _planner.Before(oldest) is { } older && !(onTime - older > Options.MissedWindow); run++)
            oldest = older;

        if (due.Count > run)
            _log.Skip(due.Count - run, run == 0 ? due.Latest : _planner.Before(oldest) ?? first.Slot, OutcomeReason.Missed, now.Now);
        for (DateTimeOffset? slot = oldest; run > 0 && slot is { } late; run--, slot = _planner.After(late))
            _pending.Enqueue(new(late));
    }

    /// <summary>A run that will not take place after all.</summary>
    public void Drop(PendingRun run, OutcomeReason reason, LoopMoment now)
    {
        var outcome = reason is OutcomeReason.HostStopping or OutcomeReason.Removed or OutcomeReason.Cancelled ? IterationOutcome.Interrupted : IterationOutcome.Skipped;
        var record = _log.Drop(run.Slot, outcome, reason, now.Now);
        run.Manual?.Complete(record);
    }
}
