namespace SafeLoop;

/// <summary>What others want of a loop, kept until the loop looks: pause, stop, new options, runs by hand.</summary>
/// <remarks>Thread-safe. The loop itself is never entered by another thread; it is sent mail and woken.</remarks>
internal sealed class LoopMail(RecurringTask task)
{
    private readonly Lock _gate = new();
    private readonly Queue<ManualRun> _runs = new();
    private volatile RecurringTask _task = task;
    private volatile StopRequest? _stop;
    private volatile string? _paused;
    private volatile bool _hasRuns;
    private TaskCompletionSource? _change;
    private volatile bool _hasChange;
    private bool _closed;

    /// <summary>The definition now in force.</summary>
    public RecurringTask Task => _task;

    /// <summary>Why the task is paused; null when it is not.</summary>
    public string? Paused
    {
        get => _paused;
        set => _paused = value;
    }

    public StopRequest? Stop => _stop;

    /// <summary>The first request counts.</summary>
    public bool TryStop(StopRequest request)
    {
        lock (_gate)
        {
            if (_stop is not null || _closed)
                return false;
            _stop = request;
            return true;
        }
    }

    /// <returns>False when the loop has ended and nobody would read it.</returns>
    public bool TryPost(ManualRun run)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _runs.Enqueue(run);
            return _hasRuns = true;
        }
    }

    public ManualRun? TakeRun()
    {
        if (!_hasRuns)
            return null;
        lock (_gate)
        {
            _hasRuns = _runs.Count > 1;
            return _runs.TryDequeue(out var run) ? run : null;
        }
    }

    /// <returns>A task that ends when the loop has read it; at once, when no loop reads.</returns>
    public Task PostChange(RecurringTask task, bool isRead)
    {
        lock (_gate)
        {
            _task = task;
            if (_closed)
                return System.Threading.Tasks.Task.CompletedTask;
            _hasChange = true;
            _change ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return isRead ? _change.Task : System.Threading.Tasks.Task.CompletedTask;
        }
    }

    public TaskCompletionSource? TakeChange()
    {
        if (!_hasChange)
            return null;
        lock (_gate)
        {
            _hasChange = false;
            var change = _change;
            _change = null;
            return change;
        }
    }

    /// <summary>From now on mail is refused. What has come until now must still be read.</summary>
    public TaskCompletionSource? Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _change;
        }
    }
}
