using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Shows and controls one recurring task, or one key of a keyed task.</summary>
/// <remarks>
/// <para>
/// The handle of a keyed task covers all its keys. <see cref="Snapshot"/> has the totals. <see cref="Pause"/> and
/// <see cref="Resume"/> act on all keys. <see cref="UpcomingSlots"/> returns one slot for each of the keys that are due
/// first. <see cref="RunNowAsync"/>, <see cref="Stop(string)"/> and <c>ChangeAsync</c> need one loop and throw
/// <see cref="InvalidOperationException"/>. <see cref="Start"/> does nothing, and <see cref="History"/> is empty.
/// </para>
/// <para>
/// <see cref="IRecurringTaskKeys{TTask, TKey}.Find"/> returns the handle of one key. Reading it does not change the loop. The
/// first call that controls the loop or reads <see cref="Completion"/> gives it its own runner and history, which cost some
/// kilobytes until the key is removed.
/// </para>
/// <para>System.Text.Json writes a handle as its <see cref="Snapshot"/>.</para>
/// </remarks>
/// <threadsafety>All members may be used from any thread. None waits for a step, except those that return a task.</threadsafety>
[JsonConverter(typeof(RecurringTaskHandleJsonConverter))]
public sealed class RecurringTaskHandle
{
    private readonly IKeyedControl? _keyed; // null: the handle has its own loop, and all fields below are set
    private readonly LoopEnvironment _environment;
    private readonly RecurringTaskFactory _factory;
    private readonly LoopLog _log; // also what the handle locks: there may be many tasks, and it is theirs alone
    private volatile RecurringTask _task;
    private readonly Func<string, RecurringTaskOptions> _readOptions;
    private readonly TaskSteps _steps;
    private readonly Func<RecurringTask, RecurringTask>? _ofKey; // null: the task has no keys
    private volatile LoopRunner _loop;
    private volatile LoopRunner? _ending;
    private volatile string? _rejected;
    private bool _isOver;

    // As code and configuration last said; what was changed by hand since is compared with neither.
    private RecurringTaskOptions _read;

    /// <exception cref="InvalidRecurringTaskException">The definition is invalid.</exception>
    internal RecurringTaskHandle(TaskDefinition definition, RecurringTaskFactory factory, LoopEnvironment environment)
    {
        (_readOptions, _steps, _factory, _environment) = (definition.Read, definition.Steps, factory, environment);
        _task = factory.Create(definition.Name, definition.Steps, definition.Read(definition.Name));
        _read = _task.Options;
        _log = new LoopLog(Name, _read.HistoryLength, environment.Observers)
        {
            LastSuccessOrRegistration = environment.Time.GetUtcNow(),
        };
        _loop = new LoopRunner(_task, _log, environment);
    }

    /// <summary>Creates the handle of a keyed task as a whole, or of a key whose loop is parked.</summary>
    internal RecurringTaskHandle(IKeyedControl keyed)
    {
        _keyed = keyed;
        (_environment, _factory, _log, _task, _readOptions) = (null!, null!, null!, null!, null!);
        (_steps, _loop, _read) = (null!, null!, null!);
    }

    /// <summary>Creates the handle of one key whose loop has its own runner.</summary>
    internal RecurringTaskHandle(
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
        _log.BeginAnew(_read.HistoryLength, failing);
    }

    /// <summary>The task's name.</summary>
    public string Name => _keyed?.Name ?? _task.Name;

    /// <summary>What the task is doing.</summary>
    public RecurringTaskState State => _keyed?.State ?? LoopStates.Of(Acting);

    /// <summary>The latest records, oldest first, as many as <see cref="RecurringTaskOptions.HistoryLength"/>. Skips of one reason in a row are one record with a count.</summary>
    public IReadOnlyList<IterationRecord> History => _keyed?.History ?? _log.ToArray();

    /// <summary>Ends when the present loop has ended, with the reason. Never faults. After <see cref="Start"/> there is a new one.</summary>
    public Task<LoopEnd> Completion => _keyed?.Completion ?? _loop.Completion;

    /// <summary>A copy of the options in force. Change it and hand it to <see cref="ChangeAsync(RecurringTaskOptions, CancellationToken)"/>.</summary>
    public RecurringTaskOptions Options => _keyed?.Options ?? (_task.StandsInFor ?? _task).Options.Copy();

    /// <summary>
    /// True when the handle has no runner, so that the internal members below must not be used: it covers many loops, or a
    /// parked one.
    /// </summary>
    internal bool IsKeyed => _keyed is not null;

    internal RecurringTask Task => _task;

    internal LoopRunner Loop => _loop;

    /// <summary>The loop whose iterations can be running: the present one, or the one that has to end before it.</summary>
    internal LoopRunner Acting => _ending is not { } ending ? _loop : ending.Completion.IsCompleted ? Forget(ending) : ending;

    internal LoopLog Log => _log;

    /// <summary>The slot of the oldest running iteration, on the wall clock; null when none is running.</summary>
    internal DateTimeOffset? RunningSlot =>
        Acting is { Running.Snapshot: [var oldest, ..] } loop ? loop.Schedule.Clock.ToWall(oldest.Asked.Slot).ToNullable() : null;

    internal string? Rejected
    {
        get => _rejected;
        init => _rejected = value;
    }

    /// <summary>The task as it is at this moment.</summary>
    public RecurringTaskSnapshot Snapshot() => _keyed?.Snapshot() ?? LoopStates.Snapshot(this);

    /// <summary>The next slots, as far as they can be foreseen: as if iterations took no time and succeeded.</summary>
    /// <param name="count">How many at most; 0 or more.</param>
    /// <returns>Fewer than <paramref name="count"/> when the schedule ends before; none when the loop has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IReadOnlyList<UpcomingSlot> UpcomingSlots(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (_keyed is not null)
            return _keyed.UpcomingSlots(count);
        return _loop.Control.StopRequest is null ? _loop.Schedule.Foresee(count) : [];
    }

    /// <summary>Pauses the task: a running iteration goes on, slots are recorded as skipped until <see cref="Resume"/>. A loop that is started again is not paused.</summary>
    /// <param name="reason">Why, for the log and the snapshot.</param>
    public void Pause(string? reason = null)
    {
        if (_keyed is not null)
        {
            _keyed.Pause(reason);
            return;
        }
        _loop.Control.Pause(reason ?? "Paused by hand.");
        _loop.Wake();
    }

    /// <summary>
    /// Resumes a paused task: the next slot of its schedule runs, and failures count from zero. Does nothing when it is not
    /// paused.
    /// </summary>
    /// <remarks>
    /// This also ends the wait for a wall clock that was set back. Slots that have already run may then run again.
    /// </remarks>
    public void Resume()
    {
        if (_keyed is not null)
        {
            _keyed.Resume();
            return;
        }
        _loop.Control.Resume();
        _loop.Wake();
    }

    /// <summary>Runs an iteration now, beside the schedule, and waits for it. Obeys the lock and the overlap policy, not the pause.</summary>
    /// <param name="cancellationToken">Cancels this run, also while it waits for the iteration ahead of it: <see cref="OutcomeReason.Cancelled"/>.</param>
    /// <returns>
    /// How it ended. It is skipped, for example, when the previous iteration is running, the lock is held, or the loop has
    /// ended or is ending (<see cref="OutcomeReason.Disabled"/>, with the reason in <see cref="IterationRecord.Error"/>). A
    /// failing step does not make this method throw.
    /// </returns>
    /// <remarks>
    /// <para>Works from the host's <c>StartingAsync</c> on, also before the application has started.</para>
    /// <para>
    /// An iteration of this task, or work it has started, must not await another run of the same task: the run would wait for
    /// the iteration that requests it. Unless <see cref="Overlap.Allow"/> lets both run, SafeLoop skips it at once
    /// (<see cref="OutcomeReason.PreviousRunning"/>) and explains why in <see cref="IterationRecord.Error"/>. To run again after
    /// an iteration, call <see cref="Iteration.NextIn"/> in it.
    /// </para>
    /// <para>
    /// SafeLoop does not recognize two tasks that await each other's runs, nor an iteration under a lock that awaits a run of
    /// another task under the same lock with <see cref="LockHeld.Wait"/>. Both wait until a time limit or a stop ends them.
    /// </para>
    /// <para>
    /// When user code blocks the loop, for example an observer or a delay policy, the task completes only after that code
    /// returns. Health, the log and <see cref="RecurringTaskSnapshot.StateReason"/> name the code. Cancelling the token ends a
    /// run that has not started at once, even then.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The host has not started yet, or the handle covers a keyed task as a whole.
    /// </exception>
    public async Task<IterationRecord> RunNowAsync(CancellationToken cancellationToken = default)
    {
        if (_keyed is not null)
            return await _keyed.RunNowAsync(cancellationToken).ConfigureAwait(false);
        var (run, control) = (new ManualRun(), _loop.Control);
        if (WouldWaitForItself(control))
            return RefuseOwnRun(control.Task.Options.Overlap.Policy);
        if (!control.TryRun(run))
        {
            if (!_loop.IsStarted)
                throw HostHasNotStarted();
            var now = _environment.Time.GetUtcNow();
            var why = RefusedRun.Explain(control.StopRequest, isKey: _log.Keyed is not null);
            return _log.Drop(now, OutcomeReason.Disabled, now, byHand: true, why);
        }

        using var registration = cancellationToken.UnsafeRegister(_ => control.Cancel(run), null);
        return await run.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the loop: a running iteration is cancelled, after <see cref="RecurringTaskOptions.DrainFor"/>, and no further one starts.</summary>
    /// <param name="reason">Why, for the log and the snapshot; may be null.</param>
    /// <remarks>Returns at once; await <see cref="Completion"/> to know when it has ended.</remarks>
    /// <exception cref="InvalidOperationException">The handle covers a keyed task as a whole.</exception>
    public void Stop(string? reason = null)
    {
        if (_keyed is not null)
            _keyed.Stop(reason);
        else
            Stop(new StopRequest(LoopEnd.Stopped, OutcomeReason.Cancelled, reason));
    }

    /// <summary>
    /// Starts the loop again after it has ended or was stopped. It keeps its history, and failures count from zero. Does
    /// nothing while it runs.
    /// </summary>
    /// <remarks>
    /// A loop that is still ending is waited for: two loops of one task never run at a time. A task that was removed, or whose host
    /// has stopped, does not start again.
    /// </remarks>
    public void Start()
    {
        if (_keyed is not null)
        {
            _keyed.Start();
            return;
        }
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
                _ending = Acting;
                _loop = before.CreateNext(_task);
                _loop.Start(before);
            }
        }
    }

    /// <summary>
    /// Applies new options at once and keeps the history. A running iteration continues with the old options. Unless the task
    /// is paused, failures count from zero.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A task has one schedule. To replace it by one of another kind, set the old one to null in the same change
    /// (<c>Continuously</c> to false).
    /// </para>
    /// <para>
    /// The change is in force until the next change, and not stored. When the configuration is reloaded and a setting of this
    /// task differs from the last read, the options of code and configuration replace all that was changed here.
    /// </para>
    /// </remarks>
    /// <example><code>
    /// await task.ChangeAsync(options =&gt; options.Every = TimeSpan.FromSeconds(5));
    /// await task.ChangeAsync(options =&gt; (options.Every, options.Cron) = (null, "0 3 * * *"));
    /// </code></example>
    /// <param name="options">All of them: what is not set has its default. The object is copied.</param>
    /// <param name="cancellationToken">Stops waiting; the change takes effect all the same.</param>
    /// <returns>
    /// A task that completes when the loop has planned its next slot by the new options. While user code blocks the loop, it
    /// does not complete.
    /// </returns>
    /// <remarks>
    /// A step of the same task may await it, but must not block on it (<c>Wait</c>, <c>Result</c>): before its first await, the
    /// step itself blocks the loop that is to plan the slot.
    /// </remarks>
    /// <exception cref="InvalidRecurringTaskException">The options are invalid; the old ones stay in force.</exception>
    /// <exception cref="InvalidOperationException">The handle covers a keyed task as a whole.</exception>
    public Task ChangeAsync(RecurringTaskOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_keyed is not null)
            return _keyed.ChangeAsync(options, cancellationToken);
        var isForOneKey = options.KeySchedules is not null && options.HasSchedule; // it replaces the schedule per key
        return Change(isForOneKey ? options.WithoutKeySchedules() : options).WaitAsync(cancellationToken);
    }

    /// <inheritdoc cref="ChangeAsync(RecurringTaskOptions, CancellationToken)"/>
    /// <param name="change">Changes a copy of the options in force.</param>
    /// <param name="cancellationToken">Stops waiting; the change takes effect all the same.</param>
    public Task ChangeAsync(Action<RecurringTaskOptions> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var options = Options;
        change(options);
        return ChangeAsync(options, cancellationToken);
    }

    /// <summary>The configuration was read again.</summary>
    /// <exception cref="InvalidRecurringTaskException">The options are invalid; the old ones stay in force.</exception>
    internal void Reload(Func<RecurringTaskOptions, RecurringTaskOptions, bool> areSame)
    {
        RecurringTaskOptions options;
        using (_environment.Observers.Calls.Enter("the configuration of its options", (object?)_log.Keyed ?? Name))
            options = _readOptions(Name);
        if (options.Unreadable.Count > 0 || !areSame(options, _read))
        {
            _ = Change(options);
            _read = options;
        }
        _rejected = null;
    }

    /// <summary>Reports a configuration that cannot be used. A later reload clears it; a change by hand does not.</summary>
    internal void Reject(string problems)
    {
        _rejected = problems;
        _environment.Observers.Tell(new() { Kind = LoopEventKind.ChangeRejected, TaskName = Name, Text = problems });
    }

    private Task Change(RecurringTaskOptions options)
    {
        var before = _task;
        var changed = Replace(options);
        if (_log.Keyed is null) // the keyed task warns once for all keys
            _environment.Observers.Warn(TaskWarnings.FindNew(before, _task, _environment));
        return changed;
    }

    private Task Replace(RecurringTaskOptions options)
    {
        // Not under the lock: this calls user code (exclusions, pipelines, constructors).
        var task = _factory.Create(Name, _steps, options, keyed: _ofKey is not null);
        task = _ofKey?.Invoke(task) ?? task;
        lock (_log)
        {
            _task = task;
            _log.Keep(options.HistoryLength);
            var applied = _loop.Control.Change(_task);
            // An iteration of the loop before must not wait: this loop starts after it, with the new options.
            return LoopRunner.Current is { } own && _loop.WaitsFor(own) ? System.Threading.Tasks.Task.CompletedTask : applied;
        }
    }

    /// <summary>Replaces the definition of a key that had no valid schedule.</summary>
    /// <returns>False when the options were changed meanwhile.</returns>
    internal bool TryReplace(RecurringTask before, RecurringTask task)
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

    /// <summary>The host has started.</summary>
    internal void StartFirst(params IReadOnlyCollection<LoopRunner> before)
    {
        lock (_log)
        {
            if (!_loop.IsStarted)
                _loop.Start(before);
        }
    }

    /// <summary>The host stops. What has not started never will.</summary>
    internal void StopWithHost(StopRequest request)
    {
        lock (_log)
        {
            _isOver = true;
            if (_loop.IsStarted)
                StopBoth(request);
        }
    }

    internal void Stop(StopRequest request)
    {
        lock (_log)
        {
            _isOver |= request.End is LoopEnd.HostStopped or LoopEnd.Removed;
            StopBoth(request);
            if (!_loop.IsStarted)
                _loop.Start(); // only to end: whoever waits for its completion is told
        }
    }

    // A loop that was restarted, or added in place of a removed one, begins only after the iterations of the loop before. A run
    // that one of those requests would wait for itself too.
    private bool WouldWaitForItself(LoopControl control) =>
        LoopRunner.Current is { Running.Count: > 0 } own && control.StopRequest is null
        && (own.Control == control ? !control.Task.IsParallel : _loop.WaitsFor(own));

    private IterationRecord RefuseOwnRun(Overlap overlap)
    {
        const string Refusal = "RunNowAsync was called within an iteration of the same task. The run would wait for that "
            + "iteration, so it is skipped. To run again after the iteration, call iteration.NextIn(TimeSpan.Zero) in it.";
        var now = _environment.Time.GetUtcNow();
        if (overlap is not Overlap.Skip) // under Skip the skip is no surprise
            _environment.Observers.Fault(Name, Refusal, null, _log.Keyed);
        return _log.Drop(now, OutcomeReason.PreviousRunning, now, byHand: true, Refusal);
    }

    // The one before may have ended of itself, and have iterations that were not told anything yet.
    private void StopBoth(StopRequest request)
    {
        _loop.Control.Stop(request);
        if (Acting is var ending && ending != _loop)
            ending.Control.Stop(request);
    }

    private InvalidOperationException HostHasNotStarted() => new(
        $"Recurring task '{Name}' cannot run yet, because the host has not started. "
        + "Call RunNowAsync after host.StartAsync(), or in the StartAsync of a hosted service.");

    private LoopRunner Forget(LoopRunner ended)
    {
        Interlocked.CompareExchange(ref _ending, null, ended); // another may be ending by now
        return _loop;
    }
}
