namespace SafeLoop;

/// <summary>Accepts the requests to a loop from other threads: stop, pause, run now, change. The loop reads them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LoopControl(
    RecurringTask task, LoopWait wait, RunningIterations running, StopSignal stop, LoopLog log, LoopObservers observers)
    : IPausable
{
    private readonly Queue<ManualRun> _runs = new(1);
    private volatile RecurringTask _task = task;
    private volatile TaskPause? _pause;
    private volatile PauseEnd? _pauseEnd;
    private volatile bool _isPauseSet;
    private volatile bool _isPauseOfState; // the pause followed failures, or was restored
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
    public string? PauseReason => PauseInForce?.Reason;

    /// <summary>The pause of the loop, or else of its whole task; null when neither is paused.</summary>
    public TaskPause? PauseInForce => _pause ?? Owner?.GroupPause;

    /// <summary>The pause of the loop itself; null when it is not paused, or only with its whole task.</summary>
    public TaskPause? Pause => _pause;

    /// <summary>The owner of a runner of a keyed task; null for the loop of an ordinary task.</summary>
    public IRunnerOwner? Owner { get; init; }

    /// <summary>True when runs by hand are queued.</summary>
    public bool HasRuns => _hasRuns;

    /// <summary>True when the loop itself is paused. A pause of the whole keyed task does not count.</summary>
    public bool IsPausedIndividually => _pause is not null;

    /// <summary>
    /// Requests the end of the loop. The first reason counts. A running iteration is cancelled after <c>DrainFor</c>, if the
    /// request interrupts it.
    /// </summary>
    public void Stop(StopRequest request)
    {
        stop.Set(request);
        wait.Stop();
        running.Stop(request, request.DrainFor ?? _task.Options.DrainFor);
    }

    /// <summary>Pauses the loop, because it has failed too often.</summary>
    public void PauseAfterFailures(string reason)
    {
        _isPauseSet = true;
        SetPause(new() { Reason = reason, Since = wait.Pacemaker.Time.GetUtcNow() }, isFromStore: false, isOfState: true);
    }

    public void PauseWith(TaskPause pause, bool isFromStore = false)
    {
        _isPauseSet = true;
        SetPause(pause, isFromStore);
    }

    /// <summary>Restores a pause from the store, unless the task was paused or resumed by hand meanwhile.</summary>
    public void Restore(TaskPause? pause)
    {
        if (pause is not null && !_isPauseSet && !(pause.Until <= wait.Pacemaker.Time.GetUtcNow()))
            SetPause(pause, isFromStore: true);
    }

    /// <summary>Applies a pause from the store without an event, before the loop begins. <see cref="Restore"/> follows.</summary>
    public void Hold(TaskPause pause)
    {
        if (!_isPauseSet)
            _pause ??= pause;
    }

    public void Resume(Resumption resumption, bool isFromStore = false) =>
        Resume(resumption, isFromStore, isOfState: _isPauseOfState);

    /// <summary>Ends a pause whose time has come, unless it was resumed or replaced meanwhile.</summary>
    public void EndPause(TaskPause pause)
    {
        if (!ReferenceEquals(_pause, pause))
            return;
        Resume(Resumption.ByTime, isFromStore: true, isOfState: true); // all hosts know the end
        wait.Wake();
    }

    private void Resume(Resumption resumption, bool isFromStore, bool isOfState)
    {
        _isPauseSet = true;
        if (_pause is null)
            return;
        log.ResetFailures(); // first, so that the next failure counts as the first
        _pause = null;
        Interlocked.Exchange(ref _pauseEnd, null)?.Disarm();
        _isResumed = true;
        PublishPause(LoopEventKind.Resumed, null, isFromStore, isOfState, resumption);
    }

    void IPausable.OnPauseEnded(PauseEnd end)
    {
        if (Interlocked.CompareExchange(ref _pauseEnd, null, end) != end)
            return;
        Resume(Resumption.ByTime, isFromStore: true, isOfState: true); // all hosts know the end
        wait.Wake();
    }

    private void SetPause(TaskPause pause, bool isFromStore, bool isOfState = false)
    {
        var end = pause.Until is { } until ? new PauseEnd(wait.Pacemaker, this, until) : null;
        (_pause, _isPauseOfState) = (pause, isOfState);
        Interlocked.Exchange(ref _pauseEnd, end)?.Disarm();
        end?.Arm();
        PublishPause(LoopEventKind.Paused, pause, isFromStore, isOfState);
    }

    private void PublishPause(
        LoopEventKind kind, TaskPause? pause, bool isFromStore, bool isOfState, Resumption? resumption = null) =>
        observers.Publish(new()
        {
            Kind = kind,
            TaskName = _task.Name,
            Keyed = log.Keyed,
            ConsecutiveFailures = log.State.ConsecutiveFailures,
            Text = pause?.Reason ?? resumption?.Reason,
            Pause = pause,
            ResumedBy = resumption?.By,
            IsFromStore = isFromStore,
            IsPauseOfState = isOfState,
        });

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
    public void Load(RecurringTask task, TaskPause? pause) =>
        (_task, _pause, _isPauseOfState) = (task, pause, pause is not null);

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
        Pause = end is null ? null : _pause,
        Consequence = end is LoopEnd.Failures && stop.Request is { StopsHost: true }
            ? FailureConsequence.StopHost
            : FailureConsequence.None,
    });
}
