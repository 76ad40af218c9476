namespace SafeLoop;

/// <summary>The iterations of one loop that are running: one, or several with <see cref="Overlap.Allow"/>.</summary>
/// <remarks>
/// The loop alone adds and removes, so others read a snapshot without a lock. Iterations end on their own threads.
/// </remarks>
internal sealed class RunningIterations(
    IIterationHost loop, string task, LoopEnvironment environment, StopSignal stop, LoopLog log)
{
    private Queue<RunningIteration>? _ended; // created when an iteration first awaits
    private readonly RunningIteration[] _one = new RunningIteration[1];
    private RunningIteration[] _running = [];
    private RunningIteration? _idle;
    private volatile bool _anyEnded;

    public int Count => _running.Length;

    /// <summary>Those that run at this moment; do not change it.</summary>
    public IReadOnlyList<RunningIteration> Snapshot => [.. Volatile.Read(ref _running)];

    /// <summary>Those that have no number yet: they wait for a check or their lock, and may be skipped.</summary>
    public int CountNotStarted()
    {
        var count = 0;
        foreach (var iteration in _running)
            count += iteration.Iteration.Number == 0 ? 1 : 0;
        return count;
    }

    /// <summary>One to run; an idle one is used again.</summary>
    public RunningIteration Take()
    {
        var idle = _idle;
        _idle = null;
        return idle ?? new RunningIteration(loop, task, environment, stop, log);
    }

    /// <summary>Makes an iteration visible. A full fence: a stop sees it here, or the loop sees the stop afterwards.</summary>
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

    /// <summary>It has ended; the loop will collect it.</summary>
    public void AddEnded(RunningIteration iteration)
    {
        lock (_one)
        {
            (_ended ??= new()).Enqueue(iteration);
            _anyEnded = true;
        }
    }

    public RunningIteration? TakeEnded()
    {
        if (!_anyEnded)
            return null;
        lock (_one)
        {
            _anyEnded = _ended!.TryDequeue(out var ended);
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

    /// <summary>Cancels all that run, after <paramref name="delay"/>, on a thread of its own.</summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason)
    {
        foreach (var iteration in Volatile.Read(ref _running))
            iteration.Runner.CancelAfter(delay, reason);
    }
}
