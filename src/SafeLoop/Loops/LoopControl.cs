namespace SafeLoop;

/// <summary>Accepts the requests to a loop from other threads: stop, pause, run now, change. The loop reads them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LoopControl(
    RecurringTask task, LoopWait wait, RunningIterations running, StopSignal stop, LoopLog log, LoopObservers observers)
{
    private readonly Queue<ManualRun> _runs = new(1);
    private volatile RecurringTask _task = task;
    private volatile string? _pauseReason;
    private volatile bool _hasRuns;
    private volatile bool _hasCancelled;
    private volatile bool _hasChange;
    private volatile bool _isResumed;
    private TaskCompletionSource? _change;
    private bool _isOpen;
    private bool _isClosed;

    /// <summary>The definition now in force.</summary>
    public RecurringTask Task => _task;

    /// <summary>The request to end the loop; null before there is one.</summary>
    public StopRequest? StopRequest => stop.Request;

    /// <summary>Why the loop or its whole task is paused; null when neither is.</summary>
    public string? PauseReason => _pauseReason ?? Owner?.GroupPauseReason;

    /// <summary>The owner of a runner of a keyed task; null for the loop of an ordinary task.</summary>
    public IRunnerOwner? Owner { get; init; }

    /// <summary>True when runs by hand are queued.</summary>
    public bool HasRuns => _hasRuns;

    /// <summary>True when the loop itself is paused. A pause of the whole keyed task does not count.</summary>
    public bool IsPausedIndividually => _pauseReason is not null;

    /// <summary>
    /// Requests the end of the loop. The first reason counts; a running iteration is cancelled after <c>DrainFor</c>.
    /// </summary>
    public void Stop(StopRequest request)
    {
        stop.Set(request);
        wait.Stop();
        running.Stop(request, _task.Options.DrainFor);
    }

    public void Pause(string reason)
    {
        _pauseReason = reason;
        Publish(LoopEventKind.Paused, reason);
    }

    public void Resume()
    {
        if (_pauseReason is null)
            return;
        log.ResetFailures(); // first, so that the next failure counts as the first
        _pauseReason = null;
        _isResumed = true;
        Publish(LoopEventKind.Resumed);
    }

    /// <summary>Resumes the loop with its whole keyed task.</summary>
    public void ResumeWithGroup()
    {
        log.ResetFailures();
        _isResumed = true;
    }

    /// <returns>True when it was resumed since the last call.</returns>
    public bool TryTakeResumed()
    {
        if (!_isResumed)
            return false;
        _isResumed = false;
        return true;
    }

    /// <returns>False when the loop does not run or is ending.</returns>
    public bool TryRun(ManualRun run)
    {
        lock (_runs)
        {
            if (!_isOpen || _isClosed || stop.Request is not null)
                return false;
            _runs.Enqueue(run);
            _hasRuns = true;
        }
        wait.Wake();
        return true;
    }

    /// <summary>Cancels a run by hand: drops it if it is queued, cancels it if it is running.</summary>
    public void Cancel(ManualRun run)
    {
        Instant now = wait.Pacemaker.Time.GetUtcNow();
        run.Cancel(new(now, now, IterationOutcome.Interrupted, OutcomeReason.Cancelled, 1) { IsManual = true });
        _hasCancelled = true;
        wait.Wake();
    }

    /// <returns>True when a run by hand was cancelled since the last call.</returns>
    public bool TryTakeCancelled()
    {
        if (!_hasCancelled)
            return false;
        _hasCancelled = false; // before the caller checks the runs, so that none that is cancelled meanwhile is overlooked
        return true;
    }

    /// <returns>
    /// A task that completes when the loop has planned by the new definition. Completed already when no loop is running.
    /// </returns>
    public Task Change(RecurringTask task)
    {
        var applied = System.Threading.Tasks.Task.CompletedTask;
        lock (_runs)
        {
            _task = task;
            if (_isClosed || stop.Request is not null)
                return applied;
            _hasChange = true;
            _change ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_isOpen)
                applied = _change.Task;
        }
        wait.Wake();
        return applied;
    }

    /// <summary>Accepts runs by hand from now on, because a loop reads them.</summary>
    public void Open()
    {
        lock (_runs)
            _isOpen = true;
    }

    /// <summary>Attaches another loop of a keyed task.</summary>
    public void Load(RecurringTask task, string? pauseReason) => (_task, _pauseReason) = (task, pauseReason);

    /// <summary>Sets the definition in force without a request to the loop, whose schedule already follows it.</summary>
    public void Adopt(RecurringTask task) => _task = task;

    public ManualRun? TakeRun()
    {
        if (!_hasRuns)
            return null;
        lock (_runs)
        {
            _hasRuns = _runs.Count > 1;
            return _runs.TryDequeue(out var run) ? run : null;
        }
    }

    public TaskCompletionSource? TakeChange()
    {
        if (!_hasChange)
            return null;
        lock (_runs)
        {
            _hasChange = false;
            var change = _change;
            _change = null;
            return change;
        }
    }

    /// <summary>Refuses all further requests.</summary>
    public void Close()
    {
        lock (_runs)
            _isClosed = true;
    }

    public void Publish(LoopEventKind kind, string? text = null, LoopEnd? end = null) => observers.Publish(new()
    {
        Kind = kind,
        TaskName = _task.Name,
        Keyed = log.Keyed,
        ConsecutiveFailures = log.State.ConsecutiveFailures,
        Text = text,
        End = end,
        Consequence = end is LoopEnd.Failures && stop.Request is { StopsHost: true }
            ? FailureConsequence.StopHost
            : FailureConsequence.None,
    });
}
