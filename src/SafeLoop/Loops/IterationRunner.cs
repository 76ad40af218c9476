using System.Runtime.CompilerServices;
using Polly.Timeout;

namespace SafeLoop;

/// <summary>
/// Runs one iteration at a time: checks, lock, steps, release. Every way in which it can end is an <see cref="IterationEnd"/>.
/// </summary>
internal sealed class IterationRunner : IStepWatch
{
    private readonly LoopEnvironment _environment;
    private readonly StopSignal _stop;
    private readonly LoopLog _log;
    private readonly IterationCancellation _cancellation;
    private RecurringTask _task = null!;
    private volatile IterationEnd? _end;
    private Instant _slot;
    private bool _isLockOurs;
    private string _lockName = "";
    private long _tokenOfHolder; // as the provider has reported it
    private Action<long>? _onHeld;
    private bool _isWaiting; // for a thread, its checks or its lock; then a stop cancels it at once
    private int _handlersClaimed;
    private TimeoutRejectedException? _timeoutOfSteps; // thrown by a step, so a failure and not a time limit of the task
    private StepTimer _timer;

    /// <param name="task">The name of the task.</param>
    /// <param name="environment">What all loops share.</param>
    /// <param name="stop">Signals the stop of the loop.</param>
    /// <param name="log">Numbers the iterations.</param>
    /// <param name="cancelled">Is notified of the effects of a cancellation.</param>
    public IterationRunner(string task, LoopEnvironment environment, StopSignal stop, LoopLog log, ICancellable cancelled)
    {
        (_environment, _stop, _log) = (environment, stop, log);
        _cancellation = new IterationCancellation(environment.Pacemaker, cancelled);
        Iteration = new Iteration(task);
    }

    public Iteration Iteration { get; }

    /// <summary>True when a step of the last iteration has blocked its calling thread.</summary>
    public bool HasBlocked => _timer.HasBlocked;

    /// <summary>
    /// When the last step returned, if no other code was called since; otherwise <see cref="StepTimer.Unknown"/>.
    /// </summary>
    public long StepsReturned => _timer.Returned;

    /// <summary>True when the iteration did not end after its cancellation and is recorded already.</summary>
    public bool IsStuck => _cancellation.IsStuck;

    public bool IsCancelled => _cancellation.IsRequested;

    /// <summary>How long ago the running iteration was cancelled, if it was.</summary>
    public TimeSpan CancelledFor => Time.GetElapsedTime(_cancellation.RequestedAt);

    public TimeProvider Time => _environment.Time;

    /// <summary>The outcome of the running iteration if it never ends, because its steps or what follows them hang.</summary>
    public IterationEnd EndWhenStuck => _end ?? IterationEnd.From(_cancellation, null);

    /// <summary>Cancels the running iteration, on a thread of its own.</summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason) => _cancellation.CancelAfter(delay, reason);

    /// <summary>
    /// Stops the iteration with its loop. A waiting iteration does not start, a running one may drain for
    /// <paramref name="drainFor"/>.
    /// </summary>
    public void Stop(StopRequest request, TimeSpan drainFor)
    {
        if (Volatile.Read(ref _isWaiting))
            CancelAfter(TimeSpan.Zero, request.ForWaiting);
        else if (request.Interrupts is not OutcomeReason.None)
            CancelAfter(drainFor, request.Interrupts);
    }

    /// <summary>Prepares the next iteration. From then on it can be cancelled.</summary>
    public void Begin(RecurringTask task, in PendingRun run, Instant started, int failures)
    {
        (_task, _end, _slot, _handlersClaimed) = (task, null, run.Slot, 0);
        _timeoutOfSteps = null;
        Iteration.Begin(run.Slot, started, failures, isManual: run.Manual is not null, run.IsOnSchedule);
        _isWaiting = task.Options.HasWhileChecks || task.Options.Lock.Name is not null || task.StartsBesideTheLoop
            || IsClaimed;
        _cancellation.Begin(task.TimeLimit, task.Options.StuckAfter);
    }

    /// <summary>Runs the iteration. Cannot throw: every ending is an outcome.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IterationEnd> RunAsync()
    {
        var options = _task.Options;
        LeaseKeeper? lease = null;
        IDisposable? scope = null;
        IterationEnd end;
        try
        {
            if (options.HasWhileChecks && !await MayRunAsync().ConfigureAwait(false))
            {
                end = IterationEnd.Skipped(OutcomeReason.ConditionFalse, LoopEnd.ConditionMet)
                    with { EndReason = "A While check returned false." };
            }
            else if (IsClaimed && !await TryClaimAsync().ConfigureAwait(false))
            {
                end = IterationEnd.Skipped(OutcomeReason.AlreadyRun, null);
            }
            else if (options.Lock.Name is not null && (lease = await TryLockAsync().ConfigureAwait(false)) is null)
            {
                end = IterationEnd.Skipped(OutcomeReason.LockHeld,
                    _isLockOurs || options.Lock.WhenHeld is not LockHeld.Stop ? null : LoopEnd.LockHeld)
                    with { Holder = FindHolder() };
            }
            else if (HasCommonSlot && lease is not null && lease.HasRun(_slot))
            {
                end = IterationEnd.Skipped(OutcomeReason.AlreadyRun, null);
            }
            else if (EndWait() is { } stop)
            {
                end = stop.IsMove ? EndOfMoved : IterationEnd.NotStarted(stop.ForWaiting);
            }
            else if (_task.Shard is { CanStart: false })
            {
                end = EndOfMoved;
            }
            else
            {
                // An iteration that was cancelled while it waited for a check or its lock does not start.
                _cancellation.Token.ThrowIfCancellationRequested();
                Iteration.Start(_log.NextNumber(), lease?.FencingToken ?? _task.Shard?.Epoch ?? 0);
                scope = _environment.Observers.BeginIteration(Iteration, out var hasListeners);
                if (hasListeners)
                    PublishStarted();
                if (options.PingAfter is { } address)
                    _environment.Pings?.SendStart(_log, _task.Name, address);
                if (options.HasWhileChecks || lease is not null || IsClaimed)
                    _timer.DiscardTimestamp();
                await RunStepsAsync().ConfigureAwait(false);
                end = IterationEnd.From(_cancellation, null);
            }
        }
        catch (Exception error) // the one broad catch of the loop: every exception of an iteration is an outcome
        {
            end = EndOf(error);
            if (end.IsFailure && error is TimeoutRejectedException && IsThrownByPipeline(error))
                end = end with { Outcome = IterationOutcome.TimedOut };
            else if (end.Reason is OutcomeReason.ShardLost && Iteration.Number == 0)
                end = EndOfMoved;
        }

        // From here on nothing throws: LeaseKeeper, FailureHandlers and LoopChecks guard the code that they call.
        _end = end;
        if (HasCallsAfterSteps(end, lease))
            _timer.DiscardTimestamp();
        if (lease is not null)
            await ReleaseAsync(lease, end.Outcome).ConfigureAwait(false);
        if (end.IsFailure && options.HasFailureHandlers && TryClaimHandlers())
            await CallHandlersAsync(end).ConfigureAwait(false);
        if (Iteration.Number > 0 && options.HasUntilChecks && end.EndsLoop is null && await IsDoneAsync().ConfigureAwait(false))
            end = end with { EndsLoop = LoopEnd.ConditionMet, EndReason = "An Until check returned true." };

        _environment.Observers.EndScope(scope, Subject);
        await _cancellation.EndAsync().ConfigureAwait(false);
        Iteration.End();
        return Iteration.WantsToStop ? end with { EndsLoop = LoopEnd.StoppedByStep, EndReason = Iteration.StopReason } : end;
    }

    private bool HasCallsAfterSteps(IterationEnd end, LeaseKeeper? lease) =>
        lease is not null || _task.Resilience is not null || _task.Options.HasUntilChecks
            || (end.IsFailure && _task.Options.HasFailureHandlers);

    // A run by hand needs an answer. A slot of parallel iterations cannot become due again, because later ones may have started.
    private IterationEnd EndOfMoved => Iteration.IsManual || _task.IsParallel
        ? IterationEnd.NotStarted(OutcomeReason.ShardLost) with { EndsLoop = LoopEnd.Moved }
        : IterationEnd.Moved;

    // A disposed host ends its loops, even if it was never stopped. Missing services are then not a failure of the step.
    private IterationEnd EndOf(Exception error)
    {
        if (_cancellation.IsRequested && _cancellation.Reason is not OutcomeReason.HostStopping || !_environment.IsDisposed())
            return IterationEnd.From(_cancellation, error);
        var cause = error is ObjectDisposedException ? null : error;
        if (_cancellation.IsRequested)
            return IterationEnd.From(_cancellation, cause);
        return new IterationEnd(IterationOutcome.Interrupted, OutcomeReason.HostStopping, cause)
        {
            EndsLoop = LoopEnd.HostStopped,
            EndReason = "The host has been disposed.",
        };
    }

    /// <summary>Calls the failure handlers for stuck steps, which are recorded as failed and may never end.</summary>
    public void CallHandlersWhenStuck()
    {
        if (_end is not null || !_task.Options.HasFailureHandlers || EndWhenStuck is not { IsFailure: true } end
            || !TryClaimHandlers())
            return;
        // When a handler throws, the runner may already have another loop.
        var (task, keyed, observers) = (_task.Name, Iteration.Keyed?.Copy(), _environment.Observers);
        _environment.Pacemaker.Dispatch(FailureHandlers.CreateWork(
            _task.Options.FailureHandlers,
            CallServices,
            FailureOf(end),
            Calls,
            (object?)keyed ?? task,
            (kind, text, error) => observers.Fault(kind, task, text, error, keyed)));
    }

    private Action<FaultKind, string, Exception?> Faults => field ??= Fault; // created only for the few tasks that need it

    /// <summary>Publishes a fault outside the steps. The iteration continues.</summary>
    public void Fault(FaultKind kind, string text, Exception? error) =>
        _environment.Observers.Fault(kind, Iteration.TaskName, text, error, Iteration.Keyed);

    /// <param name="onOwnThread">True when it runs on a thread of the loop, which steps may block.</param>
    /// <param name="now">The timestamp, or <see cref="StepTimer.Unknown"/>.</param>
    public void StartTimer(bool onOwnThread, long now) => _timer.Begin(onOwnThread, now);

    void IStepWatch.OnStepStarting() => _timer.OnStepStarting(Time);

    void IStepWatch.OnStepReturned(TaskStep step, bool hasEnded)
    {
        if (_timer.OnStepReturned(Time, hasEnded) is { } blocked && !_timer.IsOnOwnThread)
            BlockedSteps.Report(_environment.Observers, _task.Steps, step, Iteration, blocked);
    }

    void IStepWatch.DiscardTimestamp() => _timer.DiscardTimestamp();

    /// <summary>Marks the start of the calls to callbacks that the step has registered on its token.</summary>
    public UserCall EnterCallbacks() => Calls.Enter("a callback on its cancellation token", Subject);

    private UserCalls Calls => _environment.Observers.Calls;

    private object Subject => Iteration.Subject;

    // Replicas share only slots of the schedule. They do not share runs by hand, at the start, or at a time that a step chose.
    private bool HasCommonSlot => _task.HasCommonSlots && Iteration.IsOnSchedule;

    // Before the lock: one replica claims the slot, and only that one tries to acquire the lock.
    private bool IsClaimed =>
        Iteration.IsOnSchedule && _task.Options.SurviveRestarts is not null && _environment.Store is not null;

    private CallServices CallServices => new(_environment.Services, _environment.Scopes, _task.Options.Singleton);

    private ValueTask<bool> MayRunAsync()
    {
        Iteration.CurrentActivity = "a While check";
        return LoopChecks.MayRunAsync(_task.Options.WhileChecks, CallServices, Calls, Subject, _cancellation.Token);
    }

    private ValueTask<bool> TryClaimAsync()
    {
        Iteration.CurrentActivity = Iteration.Claiming;
        return _environment.Store!.TryClaimAsync(_task, Iteration.Keyed, _slot, _cancellation.Token);
    }

    // A full fence: a concurrent stop either is seen here and cancels the waiting iteration, or drains the started iteration.
    private StopRequest? EndWait()
    {
        if (_isWaiting)
            Interlocked.Exchange(ref _isWaiting, false);
        return _stop.Request;
    }

    private ValueTask RunStepsAsync() => LoopTracing.IsOn
        ? LoopTracing.IterationAsync(_environment.Observers, Iteration, static runner => runner.RunResilientlyAsync(), this)
        : RunResilientlyAsync();

    private ValueTask RunResilientlyAsync() => _task.Resilience is { } pipeline
        ? pipeline.ExecuteAsync(static (runner, token) => runner.CallStepsWithinAsync(token), this, _cancellation.Token)
        : CallStepsAsync(_cancellation.Token);

    // Checks and the lock run before the pipeline, when the iteration has no number yet.
    private bool IsThrownByPipeline(Exception error) =>
        Iteration.Number > 0 && _task.Resilience is not null && error != _timeoutOfSteps;

    private async ValueTask CallStepsWithinAsync(CancellationToken token)
    {
        Iteration.CurrentActivity = "its resilience pipeline";
        _timer.DiscardTimestamp(); // the pipeline may have waited since the last attempt
        try
        {
            await CallStepsAsync(token).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException error)
        {
            _timeoutOfSteps = error;
            throw;
        }
        finally
        {
            Iteration.CurrentActivity = "its resilience pipeline"; // for its callbacks and pauses between attempts
        }
    }

    private ValueTask CallStepsAsync(CancellationToken token) => _task.Options.Singleton
        ? _task.Steps.RunBoundAsync(_environment.Services, _environment.Observers, Iteration, this, token)
        : _task.Steps.RunInScopeAsync(_environment.Scopes, _environment.Observers, Iteration, this, token);

    private ValueTask<LeaseKeeper?> TryLockAsync()
    {
        var options = _task.Options;
        Iteration.CurrentActivity = "taking its lock";
        var request = new LoopLockRequest
        {
            Name = _lockName = LockName,
            AtMostFor = options.Lock.AtMostFor,
            Wait = options.Lock.WhenHeld is LockHeld.Wait,
            TaskName = HasCommonSlot ? _task.Name : null,
            AtLeastFor = options.Lock.AtLeastFor,
            OnHeld = _onHeld ??= token => Interlocked.Exchange(ref _tokenOfHolder, token),
        };
        Interlocked.Exchange(ref _tokenOfHolder, 0);
        // Read before the attempt, because this process may release the lock meanwhile.
        _isLockOurs = options.Lock.WhenHeld is LockHeld.Stop && _environment.Locks.MayHold(new(_task.Name, request.Name));
        var turn = _cancellation.Turn; // a lock that is lost after the iteration must not cancel the next one
        return LeaseKeeper.TryAcquireAsync(
            _environment.Locks,
            request,
            _task.Name,
            Subject,
            () => _cancellation.Cancel(OutcomeReason.LockLost, turn),
            Faults,
            _cancellation.Token);
    }

    private LockHolder FindHolder()
    {
        var (own, reported) = (_environment.Locks.HolderOf(_lockName), Interlocked.Read(ref _tokenOfHolder));
        return own.FencingToken >= reported ? own : new(null, reported); // a lease of this host that was lost has an older one
    }

    private string LockName => Iteration.Keyed is { } keyed ? LockNameOf(keyed) : _task.Options.Lock.Name!;

    private string LockNameOf(IKeyed keyed)
    {
        using var call = Calls.Enter("the text of its key", Subject);
        return LockNames.ForKey(_task.Options.Lock.Name!, keyed.Key);
    }

    // An interrupted slot counts as not run, so the next holder may run it. AtLeastFor holds only for iterations that started.
    private ValueTask ReleaseAsync(LeaseKeeper lease, IterationOutcome outcome)
    {
        Iteration.CurrentActivity = "giving its lock back";
        return lease.ReleaseAsync(
            Iteration.Number > 0 ? _task.Options.Lock.AtLeastFor : TimeSpan.Zero,
            Iteration.Number > 0 && HasCommonSlot && outcome is not IterationOutcome.Interrupted ? _slot : null);
    }

    private bool TryClaimHandlers() => Interlocked.Exchange(ref _handlersClaimed, 1) == 0;

    private async ValueTask CallHandlersAsync(IterationEnd end)
    {
        Iteration.CurrentActivity = "an OnFailure handler";
        LoopTracing.Enter(Iteration.Span); // until this method returns, so that the lines of a handler belong to the iteration
        var handlers = _task.Options.FailureHandlers;
        await FailureHandlers.CallAllAsync(handlers, CallServices, FailureOf(end), Calls, Subject, Faults).ConfigureAwait(false);
    }

    private ValueTask<bool> IsDoneAsync()
    {
        Iteration.CurrentActivity = "an Until check";
        return LoopChecks.IsDoneAsync(_task.Options.UntilChecks, CallServices, Calls, Subject, Faults, _stop.Token);
    }

    private RecurringTaskFailure FailureOf(IterationEnd end) => new()
    {
        TaskName = _task.Name,
        Number = Iteration.Number,
        Slot = Iteration.Slot,
        Outcome = end.Outcome,
        Exception = end.Exception,
        ConsecutiveFailures = Iteration.ConsecutiveFailures + 1,
        CancellationToken = _stop.Token,
        Key = Iteration.Keyed?.Key,
    };

    private void PublishStarted()
    {
        _environment.Observers.Publish(new LoopEvent
        {
            Kind = LoopEventKind.IterationStarted,
            TaskName = _task.Name,
            Keyed = Iteration.Keyed,
            Record = Iteration.ToRecord(),
            ConsecutiveFailures = Iteration.ConsecutiveFailures,
        });
        _timer.DiscardTimestamp();
    }
}
