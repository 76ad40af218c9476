namespace SafeLoop;

/// <summary>
/// The loop of one key: its state and the alarm that wakes it. While it does something it is attached to a runner.
/// </summary>
/// <remarks>It locks itself, because there may be a million and a lock object each would cost half as much again.</remarks>
internal abstract class KeyedLoop(KeyDefinition definition) : Alarm, IKeyed
{
    /// <summary>What it remembers; up to date while it is parked.</summary>
    public LoopState Saved;

    private KeyDefinition _definition = definition;
    private RentedRunner? _runner;
    private byte _end; // 0: not yet; else one more than the LoopEnd. A byte finds room where eight would not

    private ushort _version; // of the plan: a plan made for an older version is discarded

    object IKeyed.Key => BoxedKey;

    string IKeyed.TaskName => Group.Name;

    public KeyedLoopState State { get; private set; }

    /// <summary>Why it ended; null while it has not.</summary>
    public LoopEnd? End => _end == 0 ? null : (LoopEnd)(_end - 1);

    /// <summary>It came from the source of keys, and goes when it is no longer there.</summary>
    public bool IsFromSource { get; set; }

    /// <summary>True when nothing keeps it from starting: the host has started, and the loop before it has ended.</summary>
    public bool CanStart { get; set; }

    /// <summary>The runner that is busy with it; null: none is.</summary>
    public RentedRunner? Runner => Volatile.Read(ref _runner);

    public KeyDefinition Definition => Volatile.Read(ref _definition);

    public RecurringTask Task => Definition.Task;

    public LoopClock Clock => Group.Clock;

    /// <summary>True when its schedule waits for the application to start.</summary>
    public bool IsHeld => Group.IsHeld;

    /// <summary>Why all loops of its task are paused; null when they are not.</summary>
    public string? Paused => Group.Paused;

    public abstract double Phase { get; }

    protected abstract object BoxedKey { get; }

    private KeyGroup Group => _definition.Group;

    /// <summary>True when it was paused individually, while it is parked.</summary>
    public bool IsPausedAlone => Saved.IsPaused;

    /// <summary>True when a slot has come that has not run: it waits for its jitter or for a place.</summary>
    public bool HasSlotWaiting(Instant now) => LoopPlan.Next(Saved, Task, Clock).Slot <= now;

    private bool IsQueuedAsParked => State is KeyedLoopState.Queued && _runner is null;

    /// <returns>False when it has already started or the definition is out of date.</returns>
    public bool TryStart(KeyDefinition definition)
    {
        lock (this)
        {
            if (State is not KeyedLoopState.NotStarted || !definition.IsCurrent)
                return false;
            (_definition, State) = (definition, KeyedLoopState.Waiting);
            return true;
        }
    }

    /// <summary>Plans the next slot and waits for it. Also called when the wall clock was set.</summary>
    public void Plan() => Plan(null);

    /// <summary>Resumes the loop with its whole task. A loop that is paused individually stays paused.</summary>
    public void Resume()
    {
        bool isPlannedAnew;
        lock (this)
        {
            if (_runner is { Runner.Control.IsPausedAlone: true } || (_runner is null && IsPausedAlone))
                return;
            isPlannedAnew = _runner is null && (Saved.ConsecutiveFailures > 0 || Clock.IsBehind(Saved.Slot));
            Saved.ConsecutiveFailures = 0;
            _version++; // discards a plan that is being made with the failures
            if (_runner is not null)
            {
                _runner.Runner.Control.ResumeWithGroup();
                _runner.Runner.Wake();
            }
        }
        if (isPlannedAnew && Group.HasBegun)
            Plan(null, isResumed: true);
    }

    /// <summary>Switches to another definition: at once when it is parked, otherwise when its runner wakes up.</summary>
    /// <param name="definition">The new definition. It is ignored when it is out of date, because a later one follows.</param>
    /// <param name="before">The task before the change.</param>
    public void Change(KeyDefinition definition, RecurringTask before)
    {
        lock (this)
        {
            if (!definition.IsCurrent)
                return;
            before = _definition.Own ?? before;
            _definition = definition;
            _version++; // discards a plan that is being made by the old one
            if (_runner is { IsPinned: false })
                _ = _runner.Runner.Control.Change(definition.Task); // does not wait for it to be parked, which may be never
            if (IsQueuedAsParked && !IsPausedAlone)
                Saved.ConsecutiveFailures = 0; // as the planner does
        }
        if (Group.HasBegun)
            Plan(before);
    }

    /// <summary>Adopts the definition that its runner has found.</summary>
    /// <returns>False when the definition is out of date or the loop has a handle.</returns>
    public bool TryAdopt(KeyDefinition definition)
    {
        lock (this)
        {
            if (State is not KeyedLoopState.Running || !definition.IsCurrent)
                return false;
            _definition = definition;
            return true;
        }
    }

    /// <summary>Attaches the loop to a runner.</summary>
    /// <returns>False when it has ended, or runs already.</returns>
    public bool TryRent(RentedRunner runner)
    {
        lock (this)
        {
            if (State is not (KeyedLoopState.Waiting or KeyedLoopState.Queued))
                return false;
            (State, _runner, runner.HasPlace) = (KeyedLoopState.Running, runner, true);
            _version++;
            runner.Attach(this); // under the lock: a stop of the runner from now on stops this loop
            return true;
        }
    }

    /// <summary>It has to wait for a place.</summary>
    public void Queue()
    {
        lock (this)
        {
            if (State is KeyedLoopState.Waiting)
                State = KeyedLoopState.Queued;
            else if (State is KeyedLoopState.Pinned)
                _runner!.WaitsForPlace = true;
        }
    }

    /// <summary>It waits for a place again, in the runner it is in, which has runs to start.</summary>
    /// <returns>False when it was stopped or moved to another runner.</returns>
    public bool TryQueueAgain()
    {
        lock (this)
        {
            if (State is not (KeyedLoopState.Running or KeyedLoopState.Pinned))
                return false;
            if (_runner is not { HasPlace: true, Runner.Control.StopRequest: null })
                return false;
            State = State is KeyedLoopState.Running ? KeyedLoopState.Queued : State;
            (_runner.HasPlace, _runner.WaitsForPlace) = (false, true);
            return true;
        }
    }

    /// <summary>It has a place again, in the runner in which it waited for it.</summary>
    /// <returns>False: it waits in none.</returns>
    public bool TryResume()
    {
        lock (this)
        {
            if (_runner is not { WaitsForPlace: true })
                return false;
            State = State is KeyedLoopState.Queued ? KeyedLoopState.Running : State;
            (_runner.HasPlace, _runner.WaitsForPlace) = (true, false);
            _runner.Runner.Wake();
            return true;
        }
    }

    /// <summary>Parks the loop: saves its state, and wakes it when its next slot is due.</summary>
    /// <param name="rented">The runner it is in, which keeps nothing of it.</param>
    /// <param name="due">The timestamp at which to wake it.</param>
    /// <returns>False when the runner is to stay with it.</returns>
    public bool TryPark(RentedRunner rented, long due)
    {
        var runner = rented.Runner;
        var plannedBy = runner.Schedule.Task;
        bool isPlanned, isResumed;
        lock (this)
        {
            Saved = runner.Log.State;
            Saved.IsPaused = runner.Control.IsPausedAlone;
            if (State is not KeyedLoopState.Running || runner.Control.StopRequest is not null)
                return false; // stopped, or pinned by a handle
            isResumed = runner.Control.TakeResumed();
            runner.Control.TakeChange()?.SetResult(); // it is planned by the new definition below
            (_runner, isPlanned) = (null, plannedBy == Task && !isResumed);
            if (isPlanned)
                WaitUntil(due);
            else
                State = KeyedLoopState.Waiting;
            if (Saved.IsOnWall)
                Group.FollowWallClock();
        }
        if (!isPlanned)
            Plan(plannedBy, isResumed);
        return true;
    }

    /// <summary>Pins the loop to a runner, which counts in <c>Concurrency</c> while it runs.</summary>
    /// <param name="spare">A runner for a loop that is not in one.</param>
    /// <returns>The runner; null when the loop has not started or has ended.</returns>
    public RentedRunner? TryPin(RentedRunner spare)
    {
        lock (this)
        {
            if (State is KeyedLoopState.NotStarted or KeyedLoopState.Ended or KeyedLoopState.Removed)
                return null;
            var isQueued = State is KeyedLoopState.Queued;
            State = KeyedLoopState.Pinned;
            if (_runner is { } rented)
            {
                rented.Pin();
                Group.Runners.Lose();
            }
            else
            {
                Group.Environment.Pacemaker.Disarm(this);
                _runner = spare;
                spare.Attach(this);
                spare.Pin();
                spare.WaitsForPlace = isQueued;
                spare.Runner.Start();
            }
            if (_runner.Runner.Control.Task != Task)
                _ = _runner.Runner.Control.Change(Task);
            _runner.Runner.Wake(); // to leave its place if it does not need it
            return _runner;
        }
    }

    /// <summary>Moves the loop to the runner in which its handle starts it again.</summary>
    public void MoveTo(RentedRunner runner)
    {
        lock (this)
            _runner = runner;
    }

    /// <summary>Marks an ended loop as pinned, before it is started again with its own runner.</summary>
    /// <returns>False when it has not ended by itself.</returns>
    public bool TryPinEnded()
    {
        lock (this)
        {
            if (State is not KeyedLoopState.Ended)
                return false;
            State = KeyedLoopState.Pinned;
            return true;
        }
    }

    /// <summary>Stops the loop. A parked loop has ended when this returns.</summary>
    /// <param name="request">Why.</param>
    /// <param name="hasEnded">True when it was parked, so that it has ended now.</param>
    /// <returns>True when an iteration may be running.</returns>
    public bool Stop(StopRequest request, out bool hasEnded)
    {
        lock (this)
        {
            var before = State;
            hasEnded = _runner is null && (before is KeyedLoopState.Waiting or KeyedLoopState.Queued);
            State = KeyedLoopState.Removed;
            EndAs(request.End);
            Group.Environment.Pacemaker.Disarm(this);
            _runner?.Runner.Control.Stop(request); // under the lock: it may not be rented to another meanwhile
            return before is KeyedLoopState.Running or KeyedLoopState.Pinned || _runner is not null;
        }
    }

    /// <summary>Handles the end of the loop in a runner, which ends with it.</summary>
    public void OnEnded(RentedRunner runner, StopRequest stop)
    {
        var wasPinned = runner.IsPinned;
        bool hadPlace;
        lock (this)
        {
            hadPlace = runner.HasPlace;
            (runner.HasPlace, runner.WaitsForPlace) = (false, false);
            EndAs(stop.End);
            if (State is KeyedLoopState.Running)
                State = KeyedLoopState.Ended;
            if (!wasPinned)
                _runner = null;
        }
        if (!wasPinned)
            Group.Runners.Lose();
        if (hadPlace)
            Group.Runners.LeavePlace();
        Group.OnEnded(this, wasPinned);
    }

    protected internal override void Ring() => Group.Runners.Run(this);

    private void EndAs(LoopEnd end) => _end = _end == 0 ? (byte)(end + 1) : _end;

    // Policies, exclusions and the text of a key are user code, so no lock is held while planning.
    private void Plan(RecurringTask? before, bool isResumed = false)
    {
        while (true)
        {
            LoopState state;
            int version;
            RecurringTask plannedBy;
            lock (this)
            {
                if (State is not KeyedLoopState.Waiting)
                    return;
                (state, version, plannedBy) = (Saved, _version, before ?? Task);
            }
            var due = ParkedPlanner.Plan(this, Task, Group, ref state, plannedBy, isResumed);
            lock (this)
            {
                if (State is not KeyedLoopState.Waiting)
                    return; // it runs now, and its runner plans
                if (version != _version)
                    continue;
                Saved = state;
                WaitUntil(due);
                return;
            }
        }
    }

    private void WaitUntil(long due)
    {
        State = KeyedLoopState.Waiting;
        _version++;
        Group.Environment.Pacemaker.Arm(this, due);
    }
}
