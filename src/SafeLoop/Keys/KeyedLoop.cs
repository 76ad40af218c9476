namespace SafeLoop;

/// <summary>The loop of one key: most of the time nothing but what it remembers and the alarm that wakes it; in a runner while it does something.</summary>
/// <remarks>Its state changes under a lock on itself: there may be a million, and a lock object each would be half as large again.</remarks>
internal abstract class KeyedLoop(KeyedLoops all) : Alarm, IKeyed
{
    public LoopMemory Memory;

    private KeyedRunner? _runner;
    private byte _end; // 0: not yet; else one more than the LoopEnd. A byte finds room where eight would not

    object IKeyed.Key => BoxedKey;

    public KeyedLoopState State { get; private set; }

    /// <summary>Why it ended; null while it has not.</summary>
    public LoopEnd? End => _end == 0 ? null : (LoopEnd)(_end - 1);

    /// <summary>It came from the source of keys, and goes when it is no longer there.</summary>
    public bool IsFromSource { get; set; }

    /// <summary>The runner that is busy with it; null: none is.</summary>
    public KeyedRunner? Runner => Volatile.Read(ref _runner);

    public RecurringTask Task => all.Task;

    public LoopClock Clock => all.Clock;

    public abstract double Phase { get; }

    protected abstract object BoxedKey { get; }

    /// <returns>False: it has started already.</returns>
    public bool TryStart()
    {
        lock (this)
        {
            if (State is not KeyedLoopState.NotStarted)
                return false;
            State = KeyedLoopState.Waiting;
            return true;
        }
    }

    /// <summary>Plans, and waits for what was planned. Also when the clock was set, or the schedule is another one.</summary>
    public void Plan(ParkedPlanner planner, RecurringTask plannedBy)
    {
        lock (this)
        {
            if (State is KeyedLoopState.Waiting)
                WaitUntil(planner.Plan(this, plannedBy));
        }
    }

    /// <returns>False: it is no longer there to run.</returns>
    public bool TryLend(KeyedRunner runner)
    {
        lock (this)
        {
            if (State is not (KeyedLoopState.Waiting or KeyedLoopState.Queued))
                return false;
            (State, _runner, runner.HasPlace) = (KeyedLoopState.Running, runner, true);
            runner.Offer(this); // under the lock: whoever stops the runner from now on stops this loop
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
        }
    }

    /// <summary>It waits for a place again, in the runner it is in, which has runs to start.</summary>
    /// <returns>False: told to stop, or to stay.</returns>
    public bool TryQueueAgain()
    {
        lock (this)
        {
            if (State is not KeyedLoopState.Running || _runner!.Control.StopRequest is not null)
                return false;
            (State, _runner.HasPlace) = (KeyedLoopState.Queued, false);
            return true;
        }
    }

    /// <summary>It has a place again, in the runner in which it waited for it.</summary>
    /// <returns>False: it waits in none.</returns>
    public bool TryGoOn()
    {
        lock (this)
        {
            if (State is not KeyedLoopState.Queued || _runner is null)
                return false;
            (State, _runner.HasPlace) = (KeyedLoopState.Running, true);
            _runner.Wake();
            return true;
        }
    }

    /// <summary>The runner has nothing to do for it until then, and is given back.</summary>
    /// <returns>False: the runner is to stay with it.</returns>
    public bool TryPark(KeyedRunner runner, long due)
    {
        lock (this)
        {
            if (State is not KeyedLoopState.Running || runner.Control.StopRequest is not null)
                return false; // told to stop, or to stay
            _runner = null;
            WaitUntil(runner.Control.Task == all.Task ? due : all.Planner.Plan(this, runner.Control.Task));
            if ((Memory.ParkedAs & ParkedAs.OnWall) != 0)
                all.FollowWallClock();
        }
        all.Runners.Return(runner);
        return true;
    }

    /// <summary>From now on it has a runner of its own.</summary>
    /// <param name="spare">What it is given if it is in none; not started yet.</param>
    /// <returns>The runner; null: it has not started, or is over.</returns>
    public KeyedRunner? TryKeep(Func<KeyedRunner> spare)
    {
        bool hadPlace;
        lock (this)
        {
            if (State is KeyedLoopState.NotStarted or KeyedLoopState.Ended or KeyedLoopState.Removed)
                return null;
            State = KeyedLoopState.Kept;
            if (_runner is null)
            {
                all.Pacemaker.Disarm(this);
                _runner = spare();
                _runner.StartWith(this);
                return _runner;
            }
            (hadPlace, _runner.HasPlace) = (_runner.HasPlace, false);
            _runner.Keep();
            if (_runner.Control.Task != all.Task)
                _ = _runner.Control.Change(all.Task); // which it would have seen at its next look
        }
        all.Runners.Lose(hadPlace);
        _runner.Wake(); // it may have waited for a place
        return _runner;
    }

    /// <summary>Tells it to end. One that is parked has ended when this returns.</summary>
    /// <returns>True: an iteration may be running.</returns>
    public bool Stop(StopRequest request)
    {
        lock (this)
        {
            var before = State;
            State = KeyedLoopState.Removed;
            EndAs(request.End);
            all.Pacemaker.Disarm(this);
            _runner?.Control.Stop(request); // under the lock: it may not be lent to another meanwhile
            return before is KeyedLoopState.Running or KeyedLoopState.Kept || _runner is not null;
        }
    }

    /// <summary>It has ended in the runner it was lent, which goes with it.</summary>
    public void HasEnded(StopRequest stop)
    {
        bool wasKept, hadPlace;
        lock (this)
        {
            (wasKept, hadPlace) = (_runner is { IsLent: false }, _runner is { HasPlace: true });
            EndAs(stop.End);
            if (State is KeyedLoopState.Running)
                State = KeyedLoopState.Ended;
            if (!wasKept)
                _runner = null;
        }
        if (!wasKept)
            all.Runners.Lose(hadPlace);
        all.HasEnded(this, wasKept);
    }

    protected internal override void Ring() => all.Runners.Run(this);

    private void EndAs(LoopEnd end) => _end = _end == 0 ? (byte)(end + 1) : _end;

    private void WaitUntil(long due)
    {
        State = KeyedLoopState.Waiting;
        all.Pacemaker.Arm(this, due);
    }
}
