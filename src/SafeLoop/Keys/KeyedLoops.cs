namespace SafeLoop;

/// <summary>
/// The loops of a keyed task: one definition, one row per key, and as many runners as are busy at a time.
/// </summary>
internal abstract class KeyedLoops : TaskGroup, IKeyOwner, IMovingLoops, IPausable, IThreadPoolWorkItem
{
    // A selector may look up its own key. That must not start the key again, which would recurse without end.
    [ThreadStatic]
    private static bool s_isStarting;

    private readonly LoopEnvironment _environment;
    private PauseEnd? _pauseEnd;
    private readonly RecurringTaskFactory _factory;
    private readonly Lock _gate = new();
    private readonly Dictionary<LoopId, TaskLoop> _pinned = [];
    private readonly TaskCompletionSource<LoopEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, TaskCompletionSource> _endedExcept = []; // key: the number of loops that may still run
    private TaskDefinition? _definition;
    private RecurringTaskOptions _read = null!;
    private Instant _registeredAt;
    private volatile string? _rejected;
    private volatile bool _isReportingEnds; // the host stops, and parked loops are being reported as ended
    private readonly List<Action> _afterReport = []; // called when all ends are reported
    private int _beginning; // calls to Begin that are not done
    private long _waitReported; // the slot named in the last report of keys that wait for the wall clock

    protected KeyedLoops(LoopEnvironment environment, RecurringTaskFactory factory)
    {
        (_environment, _factory) = (environment, factory);
        Group = new KeyGroup(environment, this);
        Definitions = new KeyDefinitions(this, factory);
        Restorer = new KeyRestorer(Group);
        Shards = new KeyShards(Group, this);
    }

    /// <summary>The shards that are open on this host. Without a cluster there are none, and all keys run here.</summary>
    public KeyShards Shards { get; }

    /// <summary>True when the keys are divided among the hosts of a cluster.</summary>
    public bool IsInCluster => Group.IsDefined && Task.Options.InCluster;

    /// <summary>Restores what a store remembers of keys.</summary>
    protected KeyRestorer Restorer { get; }

    /// <summary>What the loops share.</summary>
    public KeyGroup Group { get; }

    public RunnerPool Runners => Group.Runners;

    public LoopRows Rows => Group.Rows;

    /// <summary>The definitions by which the keys run.</summary>
    public KeyDefinitions Definitions { get; }

    public override string Name => Task.Name;

    public override Instant RegisteredAt => _registeredAt;

    public override RecurringTask Task => Group.Task;

    /// <summary>
    /// False when its options disable it. True when it has no valid definition, because then the host does not start.
    /// </summary>
    public bool IsEnabled => !Group.IsDefined || Task.Options.Enabled;

    /// <summary>Why its options disable it, as a sentence; null when they do not.</summary>
    public string? WhyDisabled => Group.IsDefined ? Task.Options.WhyDisabled : null;

    public LoopClock Clock => Group.Clock;

    /// <summary>Why all of them are paused; null when they are not.</summary>
    public string? PauseReason => Group.Pause?.Reason;

    public LoopEnvironment Environment => _environment;

    public string? RejectedChange => _rejected;

    /// <summary>The options that code and configuration last set.</summary>
    public RecurringTaskOptions ConfiguredOptions => _read;

    public Pacemaker Pacemaker => _environment.Pacemaker;

    public abstract int Count { get; }

    public abstract Type KeyType { get; }

    /// <summary>Views all loops, including those of removed keys that have not ended yet.</summary>
    public IEnumerable<KeyView> ViewAll()
    {
        Dictionary<LoopId, TaskLoop> pinned;
        lock (_gate)
            pinned = new(_pinned);
        var copies = new RowCopies();
        for (var row = 0; Rows.TryCopyNext(ref row, copies);)
        {
            for (var index = 0; index < copies.Count; index++)
            {
                if (KeyView.TryCreate(Group, copies, index, pinned, out var view))
                    yield return view;
            }
        }
    }

    public override IEnumerable<(LoopRunner Loop, RunningIteration Iteration)> Running =>
        from view in Runners.Running > 0 ? ViewAll() : []
        let runner = view.Runner
        where runner is { Running.Count: > 0 }
        from iteration in runner.Running.Snapshot
        select (runner, iteration);

    public override double? Measure(TaskMeasure measure) => KeyStates.Measure(this, measure);

    /// <summary>Ends when the host has stopped and no iteration is running any more.</summary>
    public Task<LoopEnd> Completion => _ended.Task;

    /// <summary>Like <see cref="Completion"/>, but without the loops of steps that wait for this task.</summary>
    public override Task CompletionWithout(LoopRunner[] waiting)
    {
        var count = waiting.Count(loop => loop.Owner is RentedRunner runner && runner.IsOf(Group));
        if (count == 0)
            return Completion;
        TaskCompletionSource? ended;
        lock (_gate)
        {
            if (!_endedExcept.TryGetValue(count, out ended))
                _endedExcept.Add(count, ended = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        EndIfIdle();
        return ended.Task;
    }

    /// <summary>True when the schedules have begun. Before that, loops only run by hand.</summary>
    public bool HasBegun => Group.HasBegun;

    /// <summary>True when the schedules wait for the application to start.</summary>
    public override bool IsHeld => Group.IsHeld;

    public bool HasStarted => Group.HasStarted;

    /// <summary>The totals of all loops, and the errors of failing keys.</summary>
    public KeyedRecords Records => Group.Records;

    /// <summary>True when an observer or a log may still read a key after the iteration of its loop.</summary>
    protected bool CanKeepKeys => _environment.Observers.CanKeepEvents;

    protected bool IsStarted => Group.HasStarted && Group.StopRequest is null;

    /// <summary>The calls into user code that threads of this host are in.</summary>
    public UserCalls Calls => _environment.Observers.Calls;

    /// <summary>Reads the options of a definition and checks them.</summary>
    /// <exception cref="InvalidRecurringTaskException">The definition is invalid.</exception>
    public RecurringTask Read(TaskDefinition definition) =>
        _factory.Create(definition.Name, definition.Steps, definition.Read(definition.Name), keyed: true);

    /// <summary>Sets the definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="task">The result of <see cref="Read"/>.</param>
    /// <exception cref="InvalidRecurringTaskException">There is already a definition.</exception>
    public void Define(TaskDefinition definition, RecurringTask task)
    {
        if (_definition is not null)
        {
            throw new InvalidRecurringTaskException([$"Recurring task '{definition.Name}': its class and key are registered "
                + $"twice, as '{Name}' before. Derive a class for the second."]);
        }
        (_definition, Group.Task, _read) = (definition, task, task.Options);
        _registeredAt = _environment.Time.GetUtcNow();
        Group.Clock = NewClock();
        Runners.SetLimit(task.Options.Concurrency);
    }

    public override void StartFirst(params IReadOnlyCollection<LoopRunner> before)
    {
        lock (_gate)
        {
            if (Group.HasStarted)
                return;
            Group.HasStarted = true;
        }
        if (IsInCluster)
            Shards.DropUnowned();
        foreach (var loop in Rows.All())
            Start(loop);
        Begin();
    }

    /// <summary>Begins the schedules, if the application has started or the task does not wait for it.</summary>
    public override void Begin()
    {
        // One thread at a time, which begins again for the others: a schedule begins after its pause and its keys are restored.
        var requests = Interlocked.Increment(ref _beginning);
        if (requests > 1)
            return;
        do
            RestoreAndBegin();
        while ((requests = Interlocked.Add(ref _beginning, -requests)) > 0);
    }

    private void RestoreAndBegin()
    {
        RestorePause();
        if (Group.HasStarted && _environment.CanBegin(Task))
            Restorer.RestoreAll(); // keys that are added from now on are restored when they are added
        lock (_gate)
        {
            if (!Group.HasStarted || Group.HasBegun || Group.StopRequest is not null || !_environment.CanBegin(Task))
                return;
            Group.HasBegun = true;
            WatchWallClock();
        }
        PlanAll();
        foreach (var loop in Loops)
            loop.Loop.Wake();
    }

    void IThreadPoolWorkItem.Execute() => Begin();

    /// <summary>Stops all loops with the host. No iteration starts any more, and running ones are cancelled.</summary>
    public override void StopWithHost(StopRequest request)
    {
        lock (_gate)
        {
            if (Group.StopRequest is not null)
                return;
            _isReportingEnds = true; // first: a runner that becomes idle from now on must not end the stop
            Group.StopRequest = request;
        }
        Shards.StopWithHost();
        List<LoopId> ended = [];
        var now = !Group.IsDefined ? Instant.None : Clock.Now;
        foreach (var loop in Rows.All())
        {
            if (!Stop(loop, request, null, out var hasEnded))
                Records.Remove(loop);
            if (hasEnded)
                ended.Add(loop);
        }
        WallClockWatch.For(Pacemaker).Remove(this); // last: a loop that was parked a moment ago may have added it
        Rows.Disarm();
        Runners.Close();
        Pacemaker.Dispatch(new EndReport(this, ended, request, now)); // a blocking observer must not delay the stop of the host
    }

    public void Pause(string? reason = null) =>
        PauseWith(new() { Reason = reason ?? TaskPause.ByHand, Since = _environment.Time.GetUtcNow() });

    // Also after the schedules have begun: the store may have been down at the start.
    private void RestorePause()
    {
        if (Group.HasStarted && _environment.CanBegin(Task) && _environment.Store?.TakeLoaded(Name)?.Pause is { } pause
            && Group.Pause is null && !(pause.Until <= _environment.Time.GetUtcNow()))
            PauseWith(pause, isFromStore: true);
    }

    public void PauseWith(TaskPause pause, bool isFromStore = false)
    {
        var end = pause.Until is { } until ? new PauseEnd(Pacemaker, this, until) : null;
        Group.Pause = pause;
        Interlocked.Exchange(ref _pauseEnd, end)?.Disarm();
        end?.Arm();
        Publish(LoopEventKind.Paused, pause.Reason, pause, isFromStore);
    }

    void IPausable.OnPauseEnded(PauseEnd end)
    {
        if (Interlocked.CompareExchange(ref _pauseEnd, null, end) == end)
            ResumeAll(Resumption.ByTime, isFromStore: true); // all hosts know the end
    }

    public void Resume() => ResumeAll(Resumption.FromUser());

    public void ResumeAll(Resumption resumption, bool isFromStore = false)
    {
        if (Group.Pause is null)
            return;
        Group.Pause = null;
        Interlocked.Exchange(ref _pauseEnd, null)?.Disarm();
        Publish(LoopEventKind.Resumed, resumption.Reason, isFromStore: isFromStore, by: resumption.By);
        foreach (var loop in Rows.All())
            Rows.Resume(loop);
    }

    public override void Reload(Func<RecurringTaskOptions, RecurringTaskOptions, bool> areSame)
    {
        RecurringTaskOptions options;
        using (Calls.Enter("the configuration of its options", Name))
            options = _definition!.Read(Name);
        if (options.Unreadable.Count > 0 || !areSame(options, _read))
        {
            FixedOptions.ThrowIfChanged(Name, _read, options);
            Change(_factory.Create(Name, _definition.Steps, options, keyed: true));
            _read = options;
        }
        _read.Origins = options.Origins; // the same values may come from other layers
        _rejected = null;
    }

    public override void Reject(string problems)
    {
        _rejected = problems;
        Publish(LoopEventKind.ChangeRejected, problems);
    }

    /// <summary>Called when the wall clock was set. Plans the loops again, on another thread.</summary>
    void IWakeable.Wake() => Pacemaker.Dispatch(new WorkItem(PlanBySetClock));

    /// <summary>Called when a loop has ended, and its runner with it.</summary>
    public virtual void OnEnded(LoopId loop, bool wasPinned, bool isRemoved)
    {
        if (isRemoved && !wasPinned)
            Shards.OnLoopEnded(loop); // before what is kept beside its row is removed
        if (isRemoved)
            Records.Remove(loop);
        EndIfIdle();
    }

    public void Restore(IKeyed key) => Restorer.Restore(key);

    /// <summary>Sets or ends the pause of a key, as another host has done.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pause">The pause; null: the key is resumed.</param>
    /// <param name="resumption">Who resumed it, and why.</param>
    public void PauseKey(IKeyed key, TaskPause? pause, Resumption resumption)
    {
        if (!KeyView.TryCreate(Group, key.Id, ControlOf(key.Id), out var view) || (pause is null && !view.IsPausedIndividually))
            return;
        if (Pin(key.Id) is not { } control)
            Restorer.SetPause(key.Id, pause);
        else if (pause is null)
            control.Resume(resumption, isFromStore: true);
        else
            control.PauseWith(pause, isFromStore: true);
    }

    public abstract IKeyed? KeyOf(LoopId loop);

    public abstract IKeyed KeyOf(LoopId loop, IKeyed? reused);

    /// <summary>Finds the keys that have a text; two are enough to see that it is ambiguous.</summary>
    /// <param name="text">The exact text, as the store has it.</param>
    public abstract IReadOnlyList<IKeyed> FindByText(string text);

    /// <summary>Adds the key with this text.</summary>
    /// <returns>False when it is there already.</returns>
    /// <exception cref="InvalidOperationException">Its shard is not open here, or such keys cannot be parsed.</exception>
    public abstract bool TryAddByText(string text);

    /// <summary>Removes the key of a loop by hand.</summary>
    /// <returns>False when it was removed before.</returns>
    public abstract bool TryRemove(LoopId loop);

    /// <summary>The handle of a key; null when it has no loop yet.</summary>
    public RecurringTaskHandle? HandleOf(IKeyed key)
    {
        if (ControlOf(key.Id) is { } control)
            return control.Handle;
        var state = Rows.StateOf(key.Id);
        var isAbsent = state is null or KeyedLoopState.Removed || (state is KeyedLoopState.NotStarted && !Rows.CanStart(key.Id));
        return isAbsent ? null : new(new KeyControl(this, key));
    }

    /// <summary>Finds the loop of a key.</summary>
    /// <param name="key">The key, or its text as in logs. A text is compared with that of each key.</param>
    /// <returns>None when there is no such key.</returns>
    public abstract LoopId FindLoop(object key);

    /// <summary>Deletes the records of a key. Its loop goes on.</summary>
    /// <param name="key">The key, or its text as in logs.</param>
    public void EraseRecords(object key)
    {
        if (FindLoop(key) is not { IsNone: false } loop)
            return;
        Records.Remove(loop);
        ControlOf(loop)?.EraseRecords();
    }

    /// <summary>The loops that are pinned to runners.</summary>
    public override IReadOnlyList<TaskLoop> Loops
    {
        get
        {
            lock (_gate)
                return [.. _pinned.Values];
        }
    }

    /// <summary>
    /// Starts a loop. With a schedule per key it does so on a thread of the pool, because the selector may block.
    /// </summary>
    protected void Start(LoopId loop)
    {
        Rows.AllowStart(loop);
        if (HasKeySchedules)
            Pacemaker.Dispatch(new WorkItem(() => StartInline(loop)));
        else
            StartInline(loop);
    }

    /// <summary>Starts a loop on the caller's thread. When this returns, the loop is planned.</summary>
    protected void StartInline(LoopId loop)
    {
        if (Rows.StateOf(loop) is not KeyedLoopState.NotStarted || KeyOf(loop) is not { } key)
            return;
        s_isStarting = true;
        try
        {
            while (Rows.StateOf(loop) is KeyedLoopState.NotStarted)
                TryStart(key);
        }
        finally
        {
            s_isStarting = false;
        }
    }

    private void TryStart(IKeyed key)
    {
        if (!Rows.TryStart(key.Id, Definitions.GetFor(key)))
            return; // the options changed meanwhile
        Publish(key, LoopEventKind.LoopStarted, failures: 0);
        if (HasBegun)
            Rows.PlanFirst(key.Id);
    }

    /// <summary>Pins a loop to a runner.</summary>
    /// <returns>Its control; null when the loop has not started or has ended.</returns>
    public TaskLoop? Pin(LoopId loop)
    {
        while (true)
        {
            if (ControlOf(loop) is { } control)
                return control;
            if (!s_isStarting && Rows.CanStart(loop))
                StartInline(loop); // its schedule may not have been selected yet
            lock (_gate)
            {
                if (_pinned.ContainsKey(loop))
                    continue;
                return Rows.TryPin(loop, Runners.Create()) is { } runner ? _pinned[loop] = CreateControl(loop, runner) : null;
            }
        }
    }

    /// <summary>Cancels the running iterations of all loops.</summary>
    /// <returns>How many.</returns>
    public int CancelRunning() => Running.Select(running => running.Loop.Log.Keyed).OfType<IKeyed>().Select(key => key.Id)
        .Distinct().ToList().Sum(CancelRunning);

    /// <summary>Cancels the running iterations of a loop, which keeps its runner: another one could have rented it.</summary>
    /// <returns>How many.</returns>
    public int CancelRunning(LoopId loop) =>
        (ControlOf(loop) ?? (Rows.RunnerOf(loop) is { Runner.Running.Count: > 0 } ? Pin(loop) : null))?.CancelRunning() ?? 0;

    /// <summary>The control of a loop that is pinned; null when it is not.</summary>
    public TaskLoop? ControlOf(LoopId loop)
    {
        lock (_gate)
            return _pinned.GetValueOrDefault(loop);
    }

    /// <summary>Starts a loop that is not pinned again, after it has ended by itself.</summary>
    public void StartAgain(LoopId loop)
    {
        if (KeyOf(loop) is not { } key || !Rows.TryRead(loop, out var row, out var task, out _))
            return;
        TaskLoop control;
        lock (_gate)
        {
            if (Group.StopRequest is not null || !Rows.TryPinEnded(loop))
                return;
            control = _pinned[loop] = CreateControl(loop, RentedRunner.CreateAgain(Group, Rows, key, row.Saved, task));
        }
        control.Start();
    }

    private TaskLoop CreateControl(LoopId loop, RentedRunner runner) => new(
        _definition!, _read, runner.Runner, _factory, _environment,
        task => Definitions.GetFor(runner.Key, task).Task, Records.Find(loop))
    {
        RejectedChange = _rejected,
    };

    /// <summary>Stops a loop and reports the end of one that was parked.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="request">Why.</param>
    /// <param name="ended">Called when a loop with a handle has ended.</param>
    /// <returns>True when an iteration may be running; the loop ends with it.</returns>
    protected bool Stop(LoopId loop, StopRequest request, Action ended)
    {
        var mayRun = Stop(loop, request, ended, out var hasEnded);
        if (hasEnded)
            ReportEnd(loop, request, Clock.Now);
        if (!mayRun)
            Records.Remove(loop);
        return mayRun;
    }

    public abstract bool TryAddMoved(ShardOwnership shard, LoopMemory memory);

    public abstract bool Move(LoopId loop, StopRequest request);

    public void StopMoving(LoopId loop, StopRequest request) => Stop(loop, request, null, out _);

    /// <summary>Stops a loop without a report of one that was parked.</summary>
    protected bool Stop(LoopId loop, StopRequest request, Action? ended, out bool hasEnded)
    {
        var mayRun = true;
        hasEnded = false;
        TaskLoop? control;
        lock (_gate)
        {
            if (_pinned.TryGetValue(loop, out control))
                control.Stop(request);
            else
                mayRun = Rows.Stop(loop, request, out hasEnded);
        }

        // Outside the lock: the continuation may take long or use the keys.
        control?.Completion.ContinueWith(
            completion => OnPinnedEnded(loop, completion.Result, ended),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return mayRun;
    }

    private void Change(RecurringTask task)
    {
        RecurringTask before;
        lock (_gate)
        {
            before = Task;
            if (task.FollowsWallClock != before.FollowsWallClock)
                Group.Clock = NewClock(task);
            Group.Task = task;
            WatchWallClock();
        }
        Runners.SetLimit(task.Options.Concurrency);
        _environment.Observers.Warn(Name, TaskWarnings.FindNew(before, task, _environment));
        Publish(LoopEventKind.Changed);
        if (HasKeySchedules || before.Options.KeySchedules is not null)
            ChangeAll(before);
        else if (HasBegun)
            ChangeAll(before, onlyAffected: before.Options.IsPlannedLike(task.Options));
        Begin();
    }

    /// <summary>Logs the warnings about the definition of a key that the task itself does not have.</summary>
    /// <returns>True when there was a warning.</returns>
    public bool TryWarn(RecurringTask ofKey)
    {
        string[] warnings = [.. TaskWarnings.FindNew(Task, ofKey, _environment)];
        _environment.Observers.Warn(Name, warnings);
        return warnings.Length > 0;
    }

    private void PlanAll()
    {
        if (!HasBegun)
            return;
        foreach (var loop in Rows.All())
            Rows.Plan(loop);
    }

    private void PlanBySetClock()
    {
        PlanAll();
        ReportWaitForClock();
    }

    /// <param name="before">The task before the change.</param>
    /// <param name="onlyAffected">True when the slots stay the same, so that only failures are reset and back-offs end.</param>
    private void ChangeAll(RecurringTask before, bool onlyAffected = false)
    {
        foreach (var loop in Rows.All())
        {
            if (onlyAffected && !Rows.IsAffectedByChange(loop))
                continue;
            if (HasKeySchedules)
                Pacemaker.Dispatch(new WorkItem(() => Change(loop, before)));
            else
                Rows.Change(loop, Definitions.CommonOf(loop), before);
        }
    }

    private void Change(LoopId loop, RecurringTask before)
    {
        if (KeyOf(loop) is { } key)
            Rows.Change(loop, Definitions.GetFor(key), before);
    }

    // One line for all keys: there may be a million.
    private void ReportWaitForClock()
    {
        if (!Clock.IsWallClock || ViewAll().Where(key => key.IsWaitingForClock).ToList() is not { Count: > 0 } waiting)
            return;
        var until = waiting.Max(key => key.LastSlot.UtcTicks);
        if (Interlocked.Exchange(ref _waitReported, until) == until)
            return;
        var text = $"The wall clock was set back to {Clock.Now}; {waiting.Count:N0} of {Count:N0} keys wait for the clock "
            + $"until {new Instant(until)} at the latest, because no slot runs twice. {ClockSetBack.HowToEndWait(Task.Options)}";
        _environment.Observers.Fault(FaultKind.WaitsForClock, Name, text, null);
    }

    private bool HasKeySchedules => Task.Options.KeySchedules is not null;

    private void OnPinnedEnded(LoopId loop, LoopEnd end, Action? ended)
    {
        lock (_gate)
        {
            Rows.Close(loop, end); // or a handle could pin it again
            _pinned.Remove(loop);
        }
        Shards.OnLoopEnded(loop);
        Records.Remove(loop);
        ended?.Invoke();
        EndIfIdle();
    }

    /// <summary>Completes the tasks that a stopping host awaits, when no loop is running any more.</summary>
    public void EndIfIdle()
    {
        if (Group.StopRequest is null || _isReportingEnds)
            return;
        lock (_gate)
        {
            var busy = Runners.Busy + _pinned.Count;
            foreach (var (count, ended) in _endedExcept)
            {
                if (busy <= count)
                    ended.TrySetResult();
            }
            if (busy == 0)
                _ended.TrySetResult(LoopEnd.HostStopped);
        }
    }

    /// <summary>Calls an action when the ends of all stopped loops were reported; at once when no report is pending.</summary>
    protected void AfterReport(Action action)
    {
        lock (_gate)
        {
            if (_isReportingEnds)
            {
                _afterReport.Add(action);
                return;
            }
        }
        action();
    }

    private void EndReports()
    {
        Action[] after;
        lock (_gate)
        {
            after = [.. _afterReport];
            _afterReport.Clear();
            _isReportingEnds = false;
        }
        foreach (var action in after)
            action();
        EndIfIdle();
    }

    private void WatchWallClock()
    {
        if (!HasBegun)
            return;
        if (Task.FollowsWallClock || Task.Options is { HasExclusions: true } or { StartAt: not null } or { EndAt: not null })
            Group.FollowWallClock();
    }

    private LoopClock NewClock(RecurringTask? task = null) => new(_environment.Time, (task ?? Task).FollowsWallClock);

    private void Publish(
        LoopEventKind kind, string? text = null, TaskPause? pause = null, bool isFromStore = false,
        string? by = null)
    {
        if (!Group.IsDefined) // a pause before the host has started has no name to report yet
            return;
        _environment.Observers.Publish(new()
        {
            Kind = kind,
            TaskName = Name,
            Text = text,
            Pause = pause,
            ResumedBy = by,
            IsFromStore = isFromStore,
        });
    }

    private void Publish(
        IKeyed key, LoopEventKind kind, int failures, StopRequest? stop = null, TaskPause? pause = null) =>
        _environment.Observers.Publish(new()
        {
            Kind = kind,
            TaskName = Name,
            Keyed = key,
            ConsecutiveFailures = failures,
            Text = stop?.Reason,
            End = stop?.End,
            Pause = pause,
        });

    // Only for a loop that ended while it was parked. A runner reports the end of its own loop.
    private void ReportEnd(LoopId loop, StopRequest stop, Instant now)
    {
        if (KeyOf(loop) is not { } key || !Rows.TryRead(loop, out var row, out var task, out _))
            return;
        var pause = row.Saved.IsPaused ? Group.Restored.PauseOf(loop) ?? RentedRunner.PauseAfterFailures : null;
        // It waits for its jitter or for a permit. Slots of a shard are not lost: its next owner runs them.
        if (task.Shard is null && LoopPlan.Next(row.Saved, task, Clock).Slot <= now)
            ParkedPlanner.DropDueSlots(key, task, Group, row.Saved, stop.ForWaiting, now, pause ?? Group.Pause);
        Publish(key, LoopEventKind.LoopEnded, row.Saved.ConsecutiveFailures, stop, pause);
    }

    /// <summary>
    /// Reports ended loops. Drops its references first, because the thread pool may hold the last item a thread ran.
    /// </summary>
    private sealed class EndReport(KeyedLoops? all, List<LoopId>? ended, StopRequest stop, Instant now) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            var (task, loops) = (all!, ended!);
            (all, ended) = (null, null);
            foreach (var loop in loops)
                task.ReportEnd(loop, stop, now);
            task.EndReports();
        }
    }
}
