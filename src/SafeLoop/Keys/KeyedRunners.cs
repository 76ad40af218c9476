namespace SafeLoop;

/// <summary>The runners of a keyed task: lent to the loops whose time has come, as many at a time as its limit allows.</summary>
internal sealed class KeyedRunners(KeyedLoops all, LoopEnvironment environment)
{
    // No ConcurrentBag: it keeps its items, and through them this host, alive in each thread that has used it.
    private readonly Stack<KeyedRunner> _idle = [];
    private readonly ConcurrencyLimit _limit = new();
    private int _lent;
    private int _kept; // places of loops with a handle

    /// <summary>How many loops have a place to run in.</summary>
    public int Running => _limit.Running;

    /// <summary>More have something to do than may.</summary>
    public bool IsCrowded => _limit.IsCrowded;

    /// <summary>The number of runners that are lent or about to be lent.</summary>
    public int Busy => Math.Max(Running - Volatile.Read(ref _kept), Volatile.Read(ref _lent));

    /// <summary>Sets another limit; null: none.</summary>
    public void Limit(int? max)
    {
        foreach (var loop in _limit.Limit(max))
            environment.Pacemaker.Dispatch(new RunNext(this, loop));
    }

    /// <summary>The loop's time has come.</summary>
    public void Run(KeyedLoop loop)
    {
        if (!all.IsStopped && _limit.TryEnter(loop))
            Lend(loop);
    }

    /// <summary>The runner is done with its loop, and turns to one that waits for a place.</summary>
    public void Return(KeyedRunner runner)
    {
        while (_limit.Leave() is { } next)
        {
            if (next.TryGoOn())
                break;
            if (!next.TryLend(runner))
                continue;
            runner.WakeHere();
            return;
        }
        AddIdle(runner);
        Interlocked.Decrement(ref _lent);
        all.EndIfIdle();
    }

    /// <summary>A loop with more to do lets others go first, and waits in its runner for its turn.</summary>
    /// <returns>False: nobody waits.</returns>
    public bool TryYield(KeyedLoop loop)
    {
        if (!_limit.TryYield(loop, out var next))
            return false;
        LendElsewhere(next);
        return true;
    }

    /// <summary>A runner stays with its loop, or goes with it.</summary>
    public void Lose() => Interlocked.Decrement(ref _lent);

    /// <summary>Takes back a runner whose loop was withdrawn before it was attached. The loop keeps the place.</summary>
    public void TakeBack(KeyedRunner runner)
    {
        AddIdle(runner);
        Lose();
    }

    /// <summary>Takes a place for a loop with a handle, or queues it.</summary>
    public void TakePlace(KeyedLoop loop, KeyedRunner runner)
    {
        if (!_limit.TryEnter(loop))
            return;
        lock (loop)
            runner.HasPlace = true;
    }

    /// <summary>Gives up the place of a loop with a handle.</summary>
    public void LeavePlace(KeyedLoop loop, KeyedRunner runner)
    {
        lock (loop)
            runner.HasPlace = false;
        LeavePlace();
    }

    /// <summary>Gives a place to the next loop in the queue.</summary>
    public void LeavePlace() => LendElsewhere(_limit.Leave());

    /// <summary>Counts the places of loops with a handle.</summary>
    public void CountKept(int change) => Interlocked.Add(ref _kept, change);

    /// <summary>One that is not started yet.</summary>
    public KeyedRunner Spare() => new(all, environment);

    private void LendElsewhere(KeyedLoop? next)
    {
        if (next is not null)
            environment.Pacemaker.Dispatch(new RunNext(this, next));
    }

    private void Lend(KeyedLoop loop)
    {
        if (loop.TryGoOn())
            return;
        Interlocked.Increment(ref _lent);
        var runner = TakeIdle() ?? StartNew();
        if (loop.TryLend(runner))
            runner.WakeHere();
        else
            Return(runner);
    }

    private void AddIdle(KeyedRunner runner)
    {
        lock (_idle)
            _idle.Push(runner);
    }

    private KeyedRunner? TakeIdle()
    {
        lock (_idle)
            return _idle.TryPop(out var runner) ? runner : null;
    }

    private KeyedRunner StartNew()
    {
        var runner = Spare();
        runner.Start();
        return runner;
    }

    private sealed class RunNext(KeyedRunners runners, KeyedLoop loop) : IThreadPoolWorkItem
    {
        public void Execute() => runners.Lend(loop);
    }
}
