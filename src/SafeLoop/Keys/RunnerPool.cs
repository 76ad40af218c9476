namespace SafeLoop;

/// <summary>
/// The runners of a keyed task: rented to the loops whose slots are due, as many at a time as its limit allows.
/// </summary>
internal sealed class RunnerPool
{
    private readonly IKeyGroup _group;
    private readonly LoopRows _rows;
    private readonly ConcurrencyLimit _limit;
    private readonly IdlePool<RentedRunner> _idle;
    private int _rented;
    private int _pinned; // permits of pinned loops

    public RunnerPool(IKeyGroup group, LoopRows rows) =>
        (_group, _rows, _limit, _idle) = (group, rows, new(rows), new(group.Environment.Pacemaker));

    /// <summary>The number of loops that have a permit to run.</summary>
    public int Running => _limit.Running;

    /// <summary>The length of the queue for a permit.</summary>
    public int Waiting => _limit.Waiting;

    /// <summary>How many runners wait for a loop.</summary>
    public int Idle => _idle.Count;

    /// <summary>True when loops wait for a permit.</summary>
    public bool IsCrowded => _limit.IsCrowded;

    /// <summary>The number of runners that are rented or about to be.</summary>
    public int Busy => Math.Max(Running - Volatile.Read(ref _pinned), Volatile.Read(ref _rented));

    /// <summary>Sets another limit; null: none.</summary>
    public void SetLimit(int? max)
    {
        foreach (var loop in _limit.SetLimit(max))
            _group.Environment.Pacemaker.Dispatch(new RunNext(this, loop));
    }

    /// <summary>Runs a loop that is due, or enqueues it for a permit.</summary>
    public void Run(LoopId loop)
    {
        if (_group.StopRequest is null && _limit.TryEnter(loop, null))
            Rent(loop);
    }

    /// <summary>Rents a returned runner to the next loop that waits for a permit. Without one, the runner becomes idle.</summary>
    public void Return(RentedRunner runner)
    {
        while (_limit.Leave() is { IsNone: false } next)
        {
            if (_rows.TryGrantInRunner(next))
                break;
            if (!_rows.TryRent(next, runner))
                continue;
            runner.Runner.WakeInline();
            return;
        }
        PutBack(runner);
    }

    /// <summary>True when no loop has to wait for a permit.</summary>
    public bool IsUnlimited => _limit.IsUnlimited;

    /// <summary>Counts a loop that begins to run while there is no limit.</summary>
    public void Enter() => _limit.Enter();

    /// <summary>Takes an idle runner, or starts a new one.</summary>
    public RentedRunner Take()
    {
        Interlocked.Increment(ref _rented);
        return _idle.Take() ?? StartNew();
    }

    /// <summary>Makes a runner idle, unless the thread that woke it has reserved it for the next loop.</summary>
    public void PutBack(RentedRunner runner)
    {
        if (runner.TryReturnToReserver())
            return;
        _idle.Add(runner);
        Interlocked.Decrement(ref _rented);
        _group.Owner.EndIfIdle();
    }

    /// <summary>Lets waiting loops run before a loop that has more to do. The loop waits in its runner for a permit.</summary>
    /// <returns>False when no loop waits.</returns>
    public bool TryYield(LoopId loop)
    {
        if (!_limit.TryYield(loop, out var next))
            return false;
        RentElsewhere(next);
        return true;
    }

    /// <summary>Counts a runner that will not be returned: it is pinned to its loop, or has ended with it.</summary>
    public void CountDetached() => Interlocked.Decrement(ref _rented);

    /// <summary>Acquires a permit for a pinned loop, or enqueues the loop.</summary>
    public void AcquirePermit(LoopId loop, RentedRunner runner)
    {
        if (_limit.TryEnter(loop, runner) && !_rows.TryGrantPermit(runner))
            ReleasePermit();
    }

    /// <summary>Releases the permit of a pinned loop.</summary>
    public void ReleasePermit(RentedRunner runner)
    {
        _rows.ReleasePermit(runner);
        ReleasePermit();
    }

    /// <summary>Releases a permit to the next loop in the queue.</summary>
    public void ReleasePermit() => RentElsewhere(_limit.Leave());

    /// <summary>Counts the permits of pinned loops.</summary>
    public void CountPinned(int change) => Interlocked.Add(ref _pinned, change);

    /// <summary>The host has stopped.</summary>
    public void Close() => _idle.Close();

    /// <summary>Creates a runner, which is not started.</summary>
    public RentedRunner Create() => new(_group, _rows);

    private void RentElsewhere(LoopId next)
    {
        if (!next.IsNone)
            _group.Environment.Pacemaker.Dispatch(new RunNext(this, next));
    }

    private void Rent(LoopId loop)
    {
        var runner = Take();
        if (_rows.TryRent(loop, runner))
            runner.Runner.WakeInline();
        else if (_rows.TryGrantInRunner(loop))
            PutBack(runner);
        else
            Return(runner);
    }

    private RentedRunner StartNew()
    {
        var runner = Create();
        runner.Runner.Start();
        return runner;
    }

    private sealed class RunNext(RunnerPool runners, LoopId loop) : IThreadPoolWorkItem
    {
        public void Execute() => runners.Rent(loop);
    }
}
