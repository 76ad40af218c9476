namespace SafeLoop;

/// <summary>One loop and its control: that of an ordinary task, or that of a key whose handle was used.</summary>
/// <remarks>Thread-safe. When it is started again it has a new runner, with the same log.</remarks>
internal sealed class TaskLoop : TaskGroup, ITaskControl
{
    private readonly LoopEnvironment _environment;
    private readonly RecurringTaskFactory _factory;
    private readonly LoopLog _log; // also the lock object, which saves one object for each of many tasks
    private volatile RecurringTask _task;
    private readonly Func<string, RecurringTaskOptions> _readOptions;
    private readonly TaskSteps _steps;
    private readonly Func<RecurringTask, RecurringTask>? _ofKey; // null: the task has no keys
    private volatile LoopRunner _loop;
    private volatile LoopRunner? _ending;
    private volatile string? _rejected;
    private StoredOptions? _changes; // most tasks have none
    private bool _isOver;

    // The options that code and configuration last set. Changes by hand are not part of it.
    private RecurringTaskOptions _read;

    /// <summary>Creates the loop of an ordinary task.</summary>
    /// <exception cref="InvalidRecurringTaskException">The definition is invalid.</exception>
    public TaskLoop(TaskDefinition definition, RecurringTaskFactory factory, LoopEnvironment environment)
    {
        (_readOptions, _steps, _factory, _environment) = (definition.Read, definition.Steps, factory, environment);
        _task = factory.Create(definition.Name, definition.Steps, definition.Read(definition.Name));
        (_read, RegisteredAt) = (_task.Options, environment.Time.GetUtcNow());
        _log = new LoopLog(Name, _read.HistoryLength, environment.Observers) { LastSuccessOrRegistration = RegisteredAt };
        _loop = new LoopRunner(_task, _log, environment);
        Handle = new RecurringTaskHandle(this);
    }

    /// <summary>Creates the control of the loop of one key, which is pinned to its runner.</summary>
    public TaskLoop(
        TaskDefinition definition,
        RecurringTaskOptions read,
        LoopRunner loop,
        RecurringTaskFactory factory,
        LoopEnvironment environment,
        Func<RecurringTask, RecurringTask> ofKey,
        (IterationRecord Last, long Failed, long TimedOut)? failing)
    {
        (_readOptions, _steps, _factory, _environment, _ofKey) = (definition.Read, definition.Steps, factory, environment, ofKey);
        (_task, _loop, _log, _read) = (loop.Control.Task, loop, loop.Log, read);
        _log.Reset(_read.HistoryLength, failing);
        Handle = new RecurringTaskHandle(this);
    }

    public override RecurringTaskHandle Handle { get; }

    /// <summary>True when the hosts of a cluster share the task. Its loop runs only while its shard is open here.</summary>
    public bool IsInCluster => _ofKey is null && _task.Options.InCluster;

    /// <summary>True when another host may run the loop.</summary>
    public bool IsElsewhere => IsInCluster && _task.Shard is not { IsClosed: false };

    public override string Name => _task.Name;

    public override Instant RegisteredAt { get; }

    public RecurringTaskState State => LoopStates.GetState(ActiveLoop);

    public IReadOnlyList<IterationRecord> History => _log.ToArray();

    public Task<LoopEnd> Completion => _loop.Completion;

    public RecurringTaskOptions ConfiguredOptions => _read;

    public RecurringTaskOptions Options => (_task.StandsInFor ?? _task).Options.Copy();

    public override RecurringTask Task => _task;

    public override bool IsHeld => ActiveLoop.IsHeld;

    public override IReadOnlyList<TaskLoop> Loops => [this];

    public override IEnumerable<(LoopRunner Loop, RunningIteration Iteration)> Running =>
        ActiveLoop is { Running.Count: > 0 } loop ? loop.Running.Snapshot.Select(iteration => (loop, iteration)) : [];

    public LoopRunner Loop => _loop;

    /// <summary>The loop whose iterations can be running: the current one, or the one that must end before it.</summary>
    public LoopRunner ActiveLoop =>
        _ending is not { } ending ? _loop : ending.Completion.IsCompleted ? ClearEnding(ending) : ending;

    public LoopLog Log => _log;

    /// <summary>The slot of the oldest running iteration, on the wall clock; null when none is running.</summary>
    public DateTimeOffset? RunningSlot =>
        ActiveLoop is { Running.Snapshot: [var oldest, ..] } loop
            ? loop.Schedule.Clock.ToWall(oldest.Request.Slot).ToNullable()
            : null;

    /// <summary>Why the last change of the configuration was rejected; null when it was not.</summary>
    public string? RejectedChange
    {
        get => _rejected ?? _changes?.Rejected;
        init => _rejected = value;
    }

    /// <summary>The stored change from which its options come; null: there is none.</summary>
    public TaskChange? StoredChange => _changes?.Change;

    /// <summary>Identifies the options of code and configuration.</summary>
    public string Fingerprint => _environment.OptionsFormat.Fingerprint(_read);

    private StoredOptions Changes => _changes
        ?? Interlocked.CompareExchange(ref _changes, new StoredOptions(Name, _environment), null) ?? _changes;

    public RecurringTaskSnapshot Snapshot() => LoopStates.Snapshot(this);

    public override double? Measure(TaskMeasure measure) => LoopStates.Measure(this, measure);

    public IReadOnlyList<UpcomingSlot> UpcomingSlots(int count) =>
        _loop.Control.StopRequest is null ? _loop.Schedule.Foresee(count) : [];

    public IReadOnlyList<UpcomingSlot> PreviewSlots(RecurringTaskOptions options, int count)
    {
        var task = _factory.Create(Name, _steps, options, keyed: _ofKey is not null);
        task = _ofKey?.Invoke(task) ?? task;
        var clock = task.FollowsWallClock == _task.FollowsWallClock
            ? null
            : new LoopClock(_environment.Time, task.FollowsWallClock);
        return _loop.Control.StopRequest is null ? _loop.Schedule.Foresee(task, clock, count) : [];
    }

    public LoopEnvironment Environment => _environment;

    public void PauseWith(TaskPause pause) => PauseWith(pause, isFromStore: false);

    public void PauseWith(TaskPause pause, bool isFromStore)
    {
        if (!CanControl("be paused", isFromStore))
            return;
        _loop.Control.PauseWith(pause, isFromStore);
        _loop.Wake();
    }

    /// <summary>Restores the pause of a key from the store.</summary>
    public void RestorePause(TaskPause pause)
    {
        _loop.Control.Restore(pause);
        _loop.Wake();
    }

    /// <summary>Ends a restored pause whose time has come.</summary>
    public void EndPause(TaskPause pause) => _loop.Control.EndPause(pause);

    public void Resume(Resumption resumption) => Resume(resumption, isFromStore: false);

    public void Resume(Resumption resumption, bool isFromStore)
    {
        if (!CanControl("be resumed", isFromStore))
            return;
        _loop.Control.Resume(resumption, isFromStore);
        _loop.Wake();
    }

    public Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken) => RunAsync(new(), cancellationToken);

    /// <inheritdoc cref="RunNowAsync"/>
    public async Task<IterationRecord> RunAsync(ManualRun run, CancellationToken cancellationToken)
    {
        var control = _loop.Control;
        if (WouldWaitForItself(control))
        {
            run.Complete(RefuseOwnRun(control.Task.Options.Overlap.Policy));
        }
        else if (!control.TryRun(run))
        {
            if (IsElsewhere)
                throw RunsElsewhere("run");
            if (!_loop.IsStarted)
                throw HostHasNotStarted();
            var now = _environment.Time.GetUtcNow();
            var why = RefusedRun.Explain(control.StopRequest, isKey: _log.Keyed is not null);
            run.Complete(_log.Drop(now, OutcomeReason.Disabled, now, byHand: true, why));
        }

        using var registration = cancellationToken.UnsafeRegister(_ => control.Cancel(run), null);
        return await run.Task.ConfigureAwait(false);
    }

    public int CancelRunning()
    {
        var running = ActiveLoop.Running.Snapshot;
        foreach (var iteration in running)
            iteration.Runner.CancelAfter(TimeSpan.Zero, OutcomeReason.Cancelled);
        return running.Count;
    }

    public void Stop(string? reason)
    {
        if (CanControl("be stopped", isFromStore: false))
            Stop(new StopRequest(LoopEnd.Stopped, OutcomeReason.Cancelled, reason));
    }

    public void Start()
    {
        if (!CanControl("be started", isFromStore: false))
            return;
        lock (_log)
        {
            if (_isOver)
                return;
            if (!_loop.IsStarted)
            {
                _loop.Start();
            }
            else if (_loop.Control.StopRequest is not null)
            {
                var before = _loop;
                _ending = ActiveLoop;
                _loop = before.CreateNext(_task);
                _loop.Start(before);
            }
        }
    }

    public Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken)
    {
        var isForOneKey = options.KeySchedules is not null && options.HasSchedule; // a schedule that replaces the one per key
        var applied = Change(isForOneKey ? options.WithoutKeySchedules() : options);
        if (_ofKey is null && _environment.Store is not null)
            Changes.Save(_read, _task.Options);
        return applied.WaitAsync(cancellationToken);
    }

    public override void Reload(Func<RecurringTaskOptions, RecurringTaskOptions, bool> areSame)
    {
        RecurringTaskOptions options;
        using (_environment.Observers.Calls.Enter("the configuration of its options", (object?)_log.Keyed ?? Name))
            options = _readOptions(Name);
        if (options.Unreadable.Count > 0 || !areSame(options, _read))
        {
            _ = Change(options);
            _read = options;
            _changes?.Drop("The options of code or configuration were changed.");
        }
        _read.Origins = options.Origins; // the same values may come from other layers
        _rejected = null;
    }

    /// <summary>Applies a stored change that was loaded.</summary>
    public void RestoreChange(TaskChange change) => Changes.Restore(change, _read, Change);

    /// <summary>Applies a change by a command; null: removes the stored one.</summary>
    /// <returns>Why it was rejected, as a sentence; null: it is in force.</returns>
    public string? ApplyChange(TaskChange? change) =>
        Changes.Apply(change, _read, isStored: change?.Fingerprint is not null, Change);

    public override void Reject(string problems)
    {
        _rejected = problems;
        _environment.Observers.Publish(new() { Kind = LoopEventKind.ChangeRejected, TaskName = Name, Text = problems });
    }

    /// <summary>Why a change could not be applied, as a sentence; null: it could.</summary>
    /// <param name="options">The options that it sets, as JSON.</param>
    public string? FindMistakeOfChange(string options) =>
        Changes.FindMistake(options, _read, changed => _factory.Create(Name, _steps, changed, keyed: false));

    private Task Change(RecurringTaskOptions options)
    {
        var before = _task;
        var changed = Replace(options);
        if (_log.Keyed is null) // the keyed task warns once for all keys
        {
            _environment.Observers.Warn(Name, TaskWarnings.FindNew(before, _task, _environment));
            _environment.Store?.OnOptionsChanged(Name);
        }
        return changed;
    }

    private Task Replace(RecurringTaskOptions options)
    {
        FixedOptions.ThrowIfChanged(Name, _task.Options, options);
        // Not under the lock: this calls user code (exclusions, pipelines, constructors).
        var task = _factory.Create(Name, _steps, options, keyed: _ofKey is not null);
        task = _ofKey?.Invoke(task) ?? task;
        lock (_log)
        {
            _task = task = task.Shard is null ? task with { Shard = _task.Shard } : task;
            _log.Resize(options.HistoryLength);
            var applied = _loop.Control.Change(_task);
            // An iteration of the previous loop must not wait, because this loop starts after it. It then has the new options.
            return LoopRunner.Current is { } own && _loop.IsWaitingFor(own) ? System.Threading.Tasks.Task.CompletedTask : applied;
        }
    }

    /// <summary>Deletes the records and the counts.</summary>
    public void EraseRecords() => _log.Reset(_read.HistoryLength, failing: null);

    /// <summary>Replaces the definition of a key that had no valid schedule.</summary>
    /// <returns>False when the options were changed meanwhile.</returns>
    public bool TryReplace(RecurringTask before, RecurringTask task)
    {
        lock (_log)
        {
            if (!ReferenceEquals(_task, before))
                return false;
            _task = task;
            _loop.Control.Adopt(task);
            return true;
        }
    }

    public override void StartFirst(params IReadOnlyCollection<LoopRunner> before)
    {
        if (IsInCluster)
            return; // it starts when its shard is opened
        lock (_log)
        {
            if (!_loop.IsStarted)
                _loop.Start(before);
        }
    }

    /// <summary>Starts the loop, because this host owns its shard now.</summary>
    /// <param name="ownership">The ownership.</param>
    /// <param name="memory">How it begins: where it was on the host before, or after the watermark.</param>
    /// <returns>False when the host stops.</returns>
    public bool TryOpen(ShardOwnership ownership, LoopMemory memory)
    {
        var pause = memory.Pause is { } moved && !(moved.Until <= _environment.Time.GetUtcNow()) ? moved : null;
        LoopRunner loop;
        lock (_log)
        {
            if (_isOver)
                return false;
            var before = _loop;
            if (before.IsStarted)
                _ending = ActiveLoop;
            _task = _task with { Shard = ownership };
            loop = new LoopRunner(_task, _log, _environment) { Memory = memory };
            if (pause is not null)
                loop.Control.Hold(pause);
            if (memory.End is { } end)
                loop.Control.Stop(new(end, OutcomeReason.None, "It had ended on the host before."));
            _loop = loop;
            loop.Start(before.IsStarted ? [before] : []);
        }
        loop.Control.Restore(pause); // under no lock, because it publishes the pause
        return true;
    }

    /// <summary>Ends the loop, because another host owns its shard or will.</summary>
    /// <returns>The loop that ends.</returns>
    public LoopRunner Close(StopRequest request)
    {
        lock (_log)
        {
            StopBoth(request);
            return _loop;
        }
    }

    // Not here, but in the loop: its schedule may be beginning at this moment, with what was loaded.
    public override void Begin() => _loop.OnLoaded();

    public override Task CompletionWithout(LoopRunner[] waiting) =>
        !_loop.IsStarted || waiting.Contains(ActiveLoop) ? System.Threading.Tasks.Task.CompletedTask : _loop.Completion;

    // A loop that has not started never starts.
    public override void StopWithHost(StopRequest request)
    {
        lock (_log)
        {
            _isOver = true;
            _task.Shard?.Close(); // its last progress stays, so that the next owner runs what this host does not
            if (_loop.IsStarted)
                StopBoth(request);
        }
    }

    public void Stop(StopRequest request)
    {
        lock (_log)
        {
            // A key that moves leaves its row to another loop.
            _isOver |= request.End is LoopEnd.HostStopped or LoopEnd.Removed or LoopEnd.Moved;
            StopBoth(request);
            if (!_loop.IsStarted)
                _loop.Start(); // it ends at once, which completes its completion
        }
    }

    // A restarted loop, or one that replaces a removed task, begins only after the iterations of the previous loop. A run that
    // one of those iterations requests would also wait for itself.
    private bool WouldWaitForItself(LoopControl control) =>
        LoopRunner.Current is { Running.Count: > 0 } own && control.StopRequest is null
        && (own.Control == control ? !control.Task.IsParallel : _loop.IsWaitingFor(own));

    private IterationRecord RefuseOwnRun(Overlap overlap)
    {
        const string Refusal = "RunNowAsync was called within an iteration of the same task. The run would wait for that "
            + "iteration, so it is skipped. To run again after the iteration, call iteration.NextIn(TimeSpan.Zero) in it.";
        var now = _environment.Time.GetUtcNow();
        if (overlap is not Overlap.Skip) // with Skip, the caller expects a skip
            _environment.Observers.Fault(FaultKind.OwnRunRefused, Name, Refusal, null, _log.Keyed);
        return _log.Drop(now, OutcomeReason.PreviousRunning, now, byHand: true, Refusal);
    }

    // When the previous loop has ended by itself, its iterations may still run.
    private void StopBoth(StopRequest request)
    {
        _loop.Control.Stop(request);
        if (ActiveLoop is var ending && ending != _loop)
            ending.Control.Stop(request);
    }

    private InvalidOperationException HostHasNotStarted() => new(
        $"Recurring task '{Name}' cannot run yet, because the host has not started. "
        + "Call RunNowAsync after host.StartAsync(), or in the StartAsync of a hosted service.");

    // All hosts get a command of the store. The owner of the loop executes it, and what it has done moves with the loop.
    private bool CanControl(string what, bool isFromStore) =>
        !IsElsewhere || (isFromStore ? false : throw RunsElsewhere(what));

    private InvalidOperationException RunsElsewhere(string what) => new(
        $"Recurring task '{Name}' cannot {what} on this host, which does not own it: another host of the cluster runs it. "
        + "Use IRecurringTaskCluster, which sends the operation to the owner.");

    private LoopRunner ClearEnding(LoopRunner ended)
    {
        Interlocked.CompareExchange(ref _ending, null, ended); // another may be ending by now
        return _loop;
    }
}
