namespace SafeLoop;

/// <summary>
/// The loops of a keyed task, one row each. A loop that waits is only its row; while it does something, it is attached to a
/// runner.
/// </summary>
/// <remarks>
/// Thread-safe. Members that take the id of a loop do nothing when its key was removed meanwhile. The rows have a timing wheel
/// of their own, and the pacemaker rings this alarm when the earliest row is due. User code, such as policies, is never called
/// under the lock.
/// </remarks>
internal sealed class LoopRows : Alarm
{
    /// <summary>In ticks, 24.8 days. A longer wait is split, because a row stores only the low half of a tick.</summary>
    private const long LongestWait = 1L << 31;

    private const int RingsPerTurn = 256;
    private static readonly TimeSpan TurnLimit = TimeSpan.FromMilliseconds(5);

    private readonly IKeyGroup _group;
    private readonly Pacemaker _pacemaker;
    private readonly Lock _gate = new();
    private readonly RowSlabs _rows = new();
    private readonly KeyDefinitionSlots _definitions = new();
    private readonly TimingWheel<RowSlabs.Nodes> _wheel;
    private readonly AttachedRunners _runners = new();
    private long _armedTick = TickScale.Never; // when the pacemaker rings this alarm
    private long _hasteUntil;
    private int _rings; // since this alarm was armed
    private long _latest; // the maximum lateness of these rings

    public LoopRows(IKeyGroup group)
    {
        (_group, _pacemaker) = (group, group.Environment.Pacemaker);
        _wheel = new(new RowSlabs.Nodes(_rows));
        Runners = new RunnerPool(group, this);
    }

    /// <summary>The runners that are rented to loops that have something to do.</summary>
    public RunnerPool Runners { get; }

    /// <summary>Adds a loop, which is not started.</summary>
    public LoopId Add(KeyDefinition definition, bool isFromSource)
    {
        lock (_gate)
        {
            var loop = _rows.Add();
            ref var row = ref _rows[loop.Row];
            row.IsFromSource = isFromSource;
            _definitions.Assign(ref row, definition);
            return loop;
        }
    }

    /// <summary>Removes a loop that has ended, or has never started.</summary>
    /// <returns>True when the slab of its row was freed.</returns>
    public bool Remove(LoopId loop)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return false;
            _wheel.Remove(loop.Row);
            _runners.Detach(ref _rows[loop.Row]);
            _definitions.Assign(ref _rows[loop.Row], null);
            return _rows.Remove(loop.Row);
        }
    }

    /// <summary>The loops at this moment. Loops that are added meanwhile may be among them.</summary>
    public IEnumerable<LoopId> All()
    {
        for (var row = 0; TryGetNext(ref row, out var loop);)
        {
            if (!loop.IsNone)
                yield return loop;
        }
    }

    /// <summary>The loop in a row that is in use.</summary>
    public LoopId At(int row)
    {
        lock (_gate)
            return _rows.At(row);
    }

    /// <summary>Where a loop is; null when the key was removed.</summary>
    public KeyedLoopState? StateOf(LoopId loop)
    {
        lock (_gate)
            return Has(loop) ? _rows[loop.Row].State : null;
    }

    /// <summary>Copies the row of a loop, and finds its definition and the runner it is attached to.</summary>
    /// <returns>False when the key was removed.</returns>
    public bool TryRead(LoopId loop, out LoopRow row, out RecurringTask task, out RentedRunner? runner)
    {
        lock (_gate)
        {
            if (!Has(loop))
            {
                (row, task, runner) = (default, null!, null);
                return false;
            }
            row = _rows[loop.Row];
            (task, runner) = (_definitions[row.Definition].Task, _runners.Find(row));
            return true;
        }
    }

    /// <summary>The runner that a loop is attached to; null: none.</summary>
    public RentedRunner? RunnerOf(LoopId loop)
    {
        lock (_gate)
            return Has(loop) ? _runners.Find(_rows[loop.Row]) : null;
    }

    /// <summary>A loop from the source of keys was also added by hand: it stays when the source no longer has its key.</summary>
    public void KeepWithoutSource(LoopId loop)
    {
        lock (_gate)
        {
            if (Has(loop))
                _rows[loop.Row].IsFromSource = false;
        }
    }

    public bool IsFromSource(LoopId loop)
    {
        lock (_gate)
            return Has(loop) && _rows[loop.Row].IsFromSource;
    }

    public bool CanStart(LoopId loop)
    {
        lock (_gate)
            return Has(loop) && _rows[loop.Row].CanStart;
    }

    /// <summary>True when a change that leaves the slots as they are concerns the loop: it was failing as it was parked, or it
    /// is in a runner, where it may stay for ever because its buffer is never empty.</summary>
    public bool NoticesChange(LoopId loop)
    {
        lock (_gate)
            return Has(loop) && _rows[loop.Row] is { IsAttached: true } or { Saved.ConsecutiveFailures: > 0 };
    }

    /// <summary>From now on nothing keeps the loop from starting.</summary>
    public void LetStart(LoopId loop)
    {
        lock (_gate)
        {
            if (Has(loop))
                _rows[loop.Row].CanStart = true;
        }
    }

    /// <returns>False when it has already started or the definition is out of date.</returns>
    public bool TryStart(LoopId loop, KeyDefinition definition)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.NotStarted) || !definition.IsCurrent)
                return false;
            ref var row = ref _rows[loop.Row];
            _definitions.Assign(ref row, definition);
            row.State = KeyedLoopState.Waiting;
            return true;
        }
    }

    /// <summary>Plans the next slot and waits for it. Also called when the wall clock was set.</summary>
    public void Plan(LoopId loop) => Plan(loop, null);

    /// <summary>Resumes the loop with its whole task. A loop that is paused individually stays paused.</summary>
    public void Resume(LoopId loop)
    {
        bool isPlannedAnew;
        lock (_gate)
        {
            if (!Has(loop) || IsIn(loop, KeyedLoopState.Removed))
                return;
            ref var row = ref _rows[loop.Row];
            var runner = _runners.Find(row)?.Runner;
            if (runner?.Control.IsPausedAlone ?? row.Saved.IsPaused)
                return;
            isPlannedAnew = runner is null && (row.Saved.ConsecutiveFailures > 0 || _group.Clock.IsBehind(row.Saved.Slot));
            row.Saved.ConsecutiveFailures = 0;
            row.Version++; // discards a plan that is being made with the failures
            runner?.Control.ResumeWithGroup();
            runner?.Wake();
        }
        if (isPlannedAnew && _group.HasBegun)
            Plan(loop, null, isResumed: true);
    }

    /// <summary>Switches to another definition: at once when it is parked, otherwise when its runner wakes up.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="definition">The new definition. It is ignored when it is out of date, because a later one follows.</param>
    /// <param name="before">The task before the change.</param>
    public void Change(LoopId loop, KeyDefinition definition, RecurringTask before)
    {
        lock (_gate)
        {
            if (!Has(loop) || !definition.IsCurrent)
                return;
            ref var row = ref _rows[loop.Row];
            before = _definitions[row.Definition].Own ?? before;
            _definitions.Assign(ref row, definition);
            row.Version++; // discards a plan that is being made by the old one
            var rented = _runners.Find(row);
            if (rented is { IsPinned: false })
                _ = rented.Runner.Control.Change(definition.Task); // does not wait for it to be parked, which may be never
            if (row.State is KeyedLoopState.Queued && rented is null && !row.Saved.IsPaused)
                row.Saved.ConsecutiveFailures = 0; // as the planner does
        }
        if (_group.HasBegun)
            Plan(loop, before);
    }

    /// <summary>Adopts the definition that the loop's runner has found.</summary>
    /// <returns>False when the definition is out of date or the loop has a handle.</returns>
    public bool TryAdopt(LoopId loop, KeyDefinition definition)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Running) || !definition.IsCurrent)
                return false;
            _definitions.Assign(ref _rows[loop.Row], definition);
            return true;
        }
    }

    /// <summary>Attaches the loop to a runner.</summary>
    /// <returns>False when it has ended, runs already, or waits in the runner it has.</returns>
    public bool TryRent(LoopId loop, RentedRunner runner)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Waiting) && !IsIn(loop, KeyedLoopState.Queued))
                return false;
            if (_rows[loop.Row].IsAttached)
                return false;
            _wheel.Remove(loop.Row);
            Rent(loop, runner);
            return true;
        }
    }

    /// <summary>True when the loop waits for a place, parked or in its runner.</summary>
    public bool IsQueued(LoopId loop)
    {
        lock (_gate)
            return IsIn(loop, KeyedLoopState.Queued) || (Has(loop) && _runners.Find(_rows[loop.Row]) is { WaitsForPlace: true });
    }

    /// <summary>Marks the loop as waiting for a place under <c>Concurrency</c>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="runner">The runner to which it is pinned; null: it has come due.</param>
    /// <returns>False when it waits for none: it has a runner or a place by now, has ended or was removed.</returns>
    public bool TryQueue(LoopId loop, RentedRunner? runner)
    {
        lock (_gate)
        {
            if (runner is null && IsIn(loop, KeyedLoopState.Waiting))
                _rows[loop.Row].State = KeyedLoopState.Queued;
            else if (runner is { HasPlace: false } && IsIn(loop, KeyedLoopState.Pinned)
                && _runners.Find(_rows[loop.Row]) == runner)
                runner.WaitsForPlace = true;
            else
                return false;
            return true;
        }
    }

    /// <summary>Takes the place of a loop that still has runs to start. It waits for a place again, in its runner.</summary>
    /// <returns>False when it was stopped or moved to another runner.</returns>
    public bool TryQueueAgain(LoopId loop)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Running) && !IsIn(loop, KeyedLoopState.Pinned))
                return false;
            if (_runners.Find(_rows[loop.Row]) is not { HasPlace: true, Runner.Control.StopRequest: null } runner)
                return false;
            ref var row = ref _rows[loop.Row];
            row.State = row.State is KeyedLoopState.Running ? KeyedLoopState.Queued : row.State;
            (runner.HasPlace, runner.WaitsForPlace) = (false, true);
            return true;
        }
    }

    /// <summary>Gives a place to a loop that waits for one in its runner, and wakes the runner.</summary>
    /// <returns>False when the loop does not wait in a runner.</returns>
    public bool TryResume(LoopId loop)
    {
        lock (_gate)
        {
            if (!Has(loop) || _runners.Find(_rows[loop.Row]) is not { WaitsForPlace: true } runner)
                return false;
            ref var row = ref _rows[loop.Row];
            row.State = row.State is KeyedLoopState.Queued ? KeyedLoopState.Running : row.State;
            (runner.HasPlace, runner.WaitsForPlace) = (true, false);
            runner.Runner.Wake();
            return true;
        }
    }

    /// <summary>Gives a place to a pinned loop.</summary>
    /// <returns>False when it has one: it waited for its turn, and that came at this moment.</returns>
    public bool TryTakePlace(RentedRunner runner)
    {
        lock (_gate)
            return !runner.HasPlace && (runner.HasPlace = true);
    }

    /// <summary>Takes the place of a pinned loop.</summary>
    public void LeavePlace(RentedRunner runner)
    {
        lock (_gate)
            runner.HasPlace = false;
    }

    /// <summary>Parks the loop: saves its state, and wakes it when its next slot is due.</summary>
    /// <param name="rented">The runner of the loop.</param>
    /// <param name="due">The timestamp at which to wake it.</param>
    /// <returns>False when the loop keeps its runner, because it was stopped or pinned.</returns>
    public bool TryPark(RentedRunner rented, long due)
    {
        var (loop, runner) = (rented.Loop, rented.Runner);
        var plannedBy = runner.Schedule.Task;
        bool isPlanned, isResumed;
        lock (_gate)
        {
            ref var row = ref _rows[loop.Row];
            row.Saved = runner.Log.State;
            row.Saved.IsPaused = runner.Control.IsPausedAlone;
            if (row.State is not KeyedLoopState.Running || runner.Control.StopRequest is not null)
                return false; // stopped, or pinned by a handle
            isResumed = runner.Control.TakeResumed();
            runner.Control.TakeChange()?.SetResult(); // it is planned by the new definition below
            _runners.Detach(ref row);
            isPlanned = plannedBy == _definitions[row.Definition].Task && !isResumed;
            if (isPlanned)
                WaitUntil(due, runner.Timestamp, loop.Row);
            else
                row.State = KeyedLoopState.Waiting;
            if (row.Saved.IsOnWall)
                _group.FollowWallClock();
        }
        if (!isPlanned)
            Plan(loop, plannedBy, isResumed);
        return true;
    }

    /// <summary>Pins the loop to a runner, which counts in <c>Concurrency</c> while it runs.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="spare">A runner for a loop that is not in one.</param>
    /// <returns>The runner; null when the loop has not started or has ended.</returns>
    public RentedRunner? TryPin(LoopId loop, RentedRunner spare)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return null;
            ref var row = ref _rows[loop.Row];
            if (row.State is KeyedLoopState.NotStarted or KeyedLoopState.Ended or KeyedLoopState.Removed)
                return null;
            var isQueued = row.State is KeyedLoopState.Queued;
            row.State = KeyedLoopState.Pinned;
            var runner = _runners.Find(row);
            if (runner is not null)
            {
                runner.Pin();
                Runners.Lose();
            }
            else
            {
                _wheel.Remove(loop.Row);
                Attach(loop, runner = spare);
                spare.Pin();
                spare.WaitsForPlace = isQueued;
                spare.Runner.Start();
            }
            var task = _definitions[row.Definition].Task;
            if (runner.Runner.Control.Task != task)
                _ = runner.Runner.Control.Change(task);
            runner.Runner.Wake(); // to leave its place if it does not need it
            return runner;
        }
    }

    /// <summary>Moves a pinned loop to the runner in which its handle starts it again.</summary>
    public void MoveTo(LoopId loop, RentedRunner runner)
    {
        lock (_gate)
        {
            if (Has(loop))
                _runners.Attach(ref _rows[loop.Row], runner);
        }
    }

    /// <summary>Marks an ended loop as pinned, before it is started again with its own runner.</summary>
    /// <returns>False when it has not ended by itself.</returns>
    public bool TryPinEnded(LoopId loop)
    {
        lock (_gate)
        {
            if (!IsIn(loop, KeyedLoopState.Ended))
                return false;
            _rows[loop.Row].State = KeyedLoopState.Pinned;
            return true;
        }
    }

    /// <summary>Stops the loop. A parked loop has ended when this returns.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="request">Why.</param>
    /// <param name="hasEnded">True when it was parked, so that it has ended now.</param>
    /// <returns>True when an iteration may be running.</returns>
    public bool Stop(LoopId loop, StopRequest request, out bool hasEnded)
    {
        lock (_gate)
        {
            hasEnded = false;
            if (!Has(loop))
                return false;
            ref var row = ref _rows[loop.Row];
            var (before, rented) = (row.State, _runners.Find(row));
            hasEnded = rented is null && before is KeyedLoopState.Waiting or KeyedLoopState.Queued;
            row.State = KeyedLoopState.Removed;
            row.End ??= request.End;
            _wheel.Remove(loop.Row);
            rented?.Runner.Control.Stop(request); // under the lock: it may not be rented to another meanwhile
            return before is KeyedLoopState.Running or KeyedLoopState.Pinned || rented is not null;
        }
    }

    /// <summary>A pinned loop that was stopped for good has ended: nothing pins or starts it again.</summary>
    public void Close(LoopId loop, LoopEnd end)
    {
        lock (_gate)
        {
            if (!Has(loop))
                return;
            ref var row = ref _rows[loop.Row];
            row.State = KeyedLoopState.Removed;
            row.End ??= end;
        }
    }

    /// <summary>The host has stopped all loops: the pacemaker, which outlives it, keeps nothing of it.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            if (_armedTick != TickScale.Never && _wheel.EarliestTick == TickScale.Never && _pacemaker.Disarm(this))
                _armedTick = TickScale.Never;
        }
    }

    /// <summary>Handles the end of the loop in a runner, which ends with it.</summary>
    public void OnEnded(RentedRunner runner, StopRequest stop)
    {
        var loop = runner.Loop;
        bool wasPinned, hadPlace, isRemoved;
        lock (_gate)
        {
            wasPinned = runner.IsPinned; // under the lock: a handle may pin it at any moment
            hadPlace = runner.HasPlace;
            (runner.HasPlace, runner.WaitsForPlace) = (false, false);
            isRemoved = !TryEnd(runner, stop.End, wasPinned);
        }
        if (!wasPinned)
            Runners.Lose();
        if (hadPlace)
            Runners.LeavePlace();
        _group.Owner.OnEnded(loop, wasPinned, isRemoved);
    }

    /// <summary>
    /// Runs the loops that are due. Before each it arms the alarm for the next row, so that a loop that blocks delays no other.
    /// </summary>
    protected internal override void Ring()
    {
        var context = ExecutionContext.Capture();
        var turnEnds = _pacemaker.Time.TimestampIn(TurnLimit);
        RentedRunner? runner = null;
        for (var rings = 0; rings < RingsPerTurn; rings++)
        {
            if (runner is null && Runners.IsUnlimited)
                runner = Runners.Take();
            if (TakeDue(rings == 0, turnEnds, runner, out var isAttached) is not { IsNone: false } loop)
                break;
            if (!isAttached)
                Runners.Run(loop);
            else if (!runner!.TryRunHere())
                runner = null;
            if (context is not null)
                ExecutionContext.Restore(context); // the next loop must not see AsyncLocal values of this one
        }
        if (runner is not null)
            Runners.PutBack(runner);
    }

    /// <param name="isFirst">True when the pacemaker has rung.</param>
    /// <param name="turnEnds">A timestamp.</param>
    /// <param name="runner">Takes the loop, if there is no limit of loops that run; null: the caller finds one.</param>
    /// <param name="isAttached">True when the runner has taken it.</param>
    private LoopId TakeDue(bool isFirst, long turnEnds, RentedRunner? runner, out bool isAttached)
    {
        isAttached = false;
        var timestamp = _pacemaker.Time.GetTimestamp();
        if (!isFirst && timestamp >= turnEnds)
            return default;
        var now = _pacemaker.Scale.Reached(timestamp);
        lock (_gate)
        {
            if (isFirst)
                _armedTick = TickScale.Never; // the pacemaker has taken this alarm, and has counted it
            _wheel.AdvanceTo(now);
            var number = _wheel.TakeDue();
            if (number == 0)
            {
                ArmEarliest();
                return default;
            }
            // Not now: another thread may have advanced the wheel since this one has read the clock.
            (_rings, _latest) = (isFirst ? _rings : _rings + 1, Math.Max(_latest, (uint)_wheel.Now - _rows[number].Tick));
            ArmEarliest();
            var loop = _rows.At(number);
            if (runner is null || _group.Stopped is not null || !Runners.IsUnlimited)
                return loop;
            Runners.Enter();
            runner.Reserve();
            Rent(loop, runner);
            isAttached = true;
            return loop;
        }
    }

    /// <returns>False when its key was removed. Another loop may use the row of one that was pinned by then.</returns>
    private bool TryEnd(RentedRunner runner, LoopEnd end, bool wasPinned)
    {
        if (!Has(runner.Loop))
            return false;
        ref var row = ref _rows[runner.Loop.Row];
        row.End ??= end;
        if (row.State is KeyedLoopState.Running or KeyedLoopState.Queued) // it may have run enough while it waits for its turn
            row.State = KeyedLoopState.Ended;
        if (!wasPinned)
        {
            _runners.Detach(ref row);
            row.Saved = runner.Runner.Log.State; // snapshots show it from now on, and a restart begins with it
        }
        return row.State is not KeyedLoopState.Removed;
    }

    private void Rent(LoopId loop, RentedRunner runner)
    {
        (_rows[loop.Row].State, runner.HasPlace) = (KeyedLoopState.Running, true);
        Attach(loop, runner); // under the lock: a stop from now on stops the loop in the runner
    }

    private void Attach(LoopId loop, RentedRunner runner)
    {
        ref var row = ref _rows[loop.Row];
        row.Version++;
        _runners.Attach(ref row, runner);
        runner.Attach(loop, row.Saved, _definitions[row.Definition].Task);
    }

    // Policies, exclusions and the text of a key are user code, so no lock is held while planning.
    private void Plan(LoopId loop, RecurringTask? before, bool isResumed = false)
    {
        if (StateOf(loop) is not KeyedLoopState.Waiting || _group.Owner.KeyOf(loop) is not { } key)
            return;
        while (true)
        {
            LoopState state;
            int version;
            RecurringTask task;
            lock (_gate)
            {
                if (!IsIn(loop, KeyedLoopState.Waiting))
                    return;
                ref var row = ref _rows[loop.Row];
                (state, version, task) = (row.Saved, row.Version, _definitions[row.Definition].Task);
            }
            var due = ParkedPlanner.Plan(key, task, _group, ref state, before ?? task, isResumed);
            lock (_gate)
            {
                if (!IsIn(loop, KeyedLoopState.Waiting))
                    return; // it runs now, and its runner plans
                ref var row = ref _rows[loop.Row];
                if (version != row.Version)
                    continue;
                row.Saved = state;
                WaitUntil(due, _pacemaker.Time.GetTimestamp(), loop.Row);
                return;
            }
        }
    }

    private void WaitUntil(long due, long now, int number)
    {
        ref var row = ref _rows[number];
        row.State = KeyedLoopState.Waiting;
        row.Version++;
        _wheel.Remove(number);
        _wheel.AdvanceTo(_pacemaker.Scale.Reached(now));
        var tick = _pacemaker.Scale.DueAt(due);
        if (tick != TickScale.Never)
            tick = Math.Min(tick, _wheel.Now + LongestWait);
        _wheel.Add(number, tick);
        if (tick - _wheel.Now < _pacemaker.ShortWait)
            _hasteUntil = Math.Max(_hasteUntil, tick);
        ArmEarliest();
    }

    private void ArmEarliest()
    {
        if (_wheel.EarliestTick is var earliest && earliest >= _armedTick)
            return;
        _pacemaker.Arm(this, earliest, _hasteUntil, _rings, _latest);
        (_armedTick, _rings, _latest) = (earliest, 0, 0);
    }

    private bool Has(LoopId loop) => _rows.Has(loop);

    private bool IsIn(LoopId loop, KeyedLoopState state) => Has(loop) && _rows[loop.Row].State == state;

    private bool TryGetNext(ref int number, out LoopId loop)
    {
        lock (_gate)
        {
            number = _rows.After(number);
            var isThere = number < _rows.End;
            loop = isThere ? _rows.At(number) : default;
            return isThere;
        }
    }
}
