namespace SafeLoop;

/// <summary>The iterations of one loop that are running: one, or several with <see cref="Overlap.Allow"/>.</summary>
/// <remarks>Thread-safe: the loop adds and removes, iterations end on their own threads, and others cancel or look.</remarks>
internal sealed class RunningIterations(Func<RunningIteration> create)
{
    private readonly Lock _gate = new();
    private readonly List<RunningIteration> _running = new(1);
    private readonly List<RunningIteration> _ended = [];
    private RunningIteration? _idle;
    private volatile int _count;
    private volatile bool _anyEnded;

    public int Count => _count;

    public RunningIteration Take()
    {
        var idle = _idle;
        _idle = null;
        return idle ?? create();
    }

    public void Add(RunningIteration iteration)
    {
        lock (_gate)
        {
            _running.Add(iteration);
            _count = _running.Count;
        }
    }

    /// <summary>Keeps one for the next iteration; what was parallel is dropped, and one whose report of being stuck may still be read.</summary>
    public void Remove(RunningIteration iteration)
    {
        lock (_gate)
        {
            _running.Remove(iteration);
            _count = _running.Count;
        }
        _idle = iteration.IsStuck ? null : iteration;
    }

    public void HasEnded(RunningIteration iteration)
    {
        lock (_gate)
        {
            _ended.Add(iteration);
            _anyEnded = true;
        }
    }

    public RunningIteration? TakeEnded()
    {
        if (!_anyEnded)
            return null;
        lock (_gate)
        {
            if (_ended.Count == 0)
            {
                _anyEnded = false;
                return null;
            }
            var first = _ended[0];
            _ended.RemoveAt(0);
            return first;
        }
    }

    /// <summary>Cancels all that run, after <paramref name="delay"/>, on a thread of its own.</summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason)
    {
        lock (_gate)
        {
            foreach (var iteration in _running)
                iteration.Runner.CancelAfter(delay, reason);
        }
    }

    public RunningIteration[] ToArray()
    {
        lock (_gate)
            return [.. _running];
    }
}
