namespace SafeLoop;

/// <summary>The iterations of one loop that are running: one, or several with <see cref="Overlap.Allow"/>.</summary>
/// <remarks>
/// Only the loop adds and removes iterations, so other threads read a snapshot without a lock. Iterations end on their own
/// threads.
/// </remarks>
internal sealed class RunningIterations(
    IIterationHost loop, string task, LoopEnvironment environment, StopSignal stop, LoopLog log)
{
    private Queue<RunningIteration>? _ended; // created when an iteration first awaits
    private readonly RunningIteration[] _one = new RunningIteration[1];
    private RunningIteration[] _running = [];
    private RunningIteration? _idle;
    private volatile bool _hasEnded;

    public int Count => _running.Length;

    /// <summary>A copy of the iterations that are running at this moment.</summary>
    public IReadOnlyList<RunningIteration> Snapshot => [.. Volatile.Read(ref _running)];

    /// <summary>Counts the iterations without a number. They wait for a check or their lock, and may be skipped.</summary>
    public int CountNotStarted()
    {
        var count = 0;
        foreach (var iteration in _running)
            count += iteration.Iteration.Number == 0 ? 1 : 0;
        return count;
    }

    /// <summary>Finds a run of the schedule that waits for a check or its lock, and does not start once its loop moves.</summary>
    /// <remarks>May be called from any thread.</remarks>
    public PendingRun? FindReturned()
    {
        foreach (var iteration in Volatile.Read(ref _running))
        {
            if (iteration is { IsStuck: false, Iteration.Number: 0, Request: { Manual: null, Slot.IsNone: false } run })
                return run;
        }
        return null;
    }

    /// <summary>Rents an iteration object: the idle one, or a new one.</summary>
    public RunningIteration Take()
    {
        var idle = _idle;
        _idle = null;
        return idle ?? new RunningIteration(loop, task, environment, stop, log);
    }

    /// <summary>Adds an iteration. A full fence: a concurrent stop sees it, or the loop sees the stop afterwards.</summary>
    public void Add(RunningIteration iteration)
    {
        if (_running.Length > 0)
        {
            Interlocked.Exchange(ref _running, [.. _running, iteration]);
            return;
        }
        _one[0] = iteration;
        Interlocked.Exchange(ref _running, _one);
    }

    /// <summary>Removes an iteration and keeps it for reuse, unless its report of being stuck may still be read.</summary>
    public void Remove(RunningIteration iteration)
    {
        Volatile.Write(ref _running, _running.Length == 1 ? [] : Without(iteration));
        _idle = iteration.IsStuck ? null : iteration;
    }

    private RunningIteration[] Without(RunningIteration iteration) => [.. _running.Where(other => other != iteration)];

    /// <summary>Enqueues an iteration that has ended, for the loop to collect.</summary>
    public void AddEnded(RunningIteration iteration)
    {
        lock (_one)
        {
            (_ended ??= new()).Enqueue(iteration);
            _hasEnded = true;
        }
    }

    public RunningIteration? TakeEnded()
    {
        if (!_hasEnded)
            return null;
        lock (_one)
        {
            _hasEnded = _ended!.TryDequeue(out var ended);
            return ended;
        }
    }

    /// <summary>
    /// Stops the iterations with their loop. Waiting ones are cancelled now, running ones after <paramref name="drainFor"/> if
    /// the request interrupts them.
    /// </summary>
    public void Stop(StopRequest request, TimeSpan drainFor)
    {
        foreach (var iteration in Volatile.Read(ref _running))
            iteration.Runner.Stop(request, drainFor);
    }

    /// <summary>Cancels all running iterations after <paramref name="delay"/>, on another thread.</summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason)
    {
        foreach (var iteration in Volatile.Read(ref _running))
            iteration.Runner.CancelAfter(delay, reason);
    }
}
