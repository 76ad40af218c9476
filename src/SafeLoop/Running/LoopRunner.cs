namespace SafeLoop;

/// <summary>The loop. It waits, looks what is due, runs it, and waits again, until it is told to stop.</summary>
/// <remarks>
/// One thread of control owns everything in here; others send mail and wake it. It cannot die from an exception: iterations end in
/// outcomes, observers are guarded, and what a user's policy or check throws is told as a fault. Whatever ends the loop, from
/// inside or outside, is a <see cref="StopRequest"/>, so the head of the loop is the whole termination test.
/// </remarks>
internal sealed class LoopRunner : IThreadPoolWorkItem
{
    private readonly LoopEnvironment _environment;
    private readonly LoopLog _log;
    private readonly LoopMail _mail;
    private readonly LoopWait _wait;
    private readonly LoopSchedule _schedule;
    private readonly RunningIterations _running;
    private readonly IterationFollowUp _followUp;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<LoopEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecurringTask _task;
    private LoopMoment _now;
    private long _look;
    private ExecutionContext? _clean;

    public LoopRunner(RecurringTask task, LoopLog log, LoopEnvironment environment)
    {
        (_task, _log, _environment) = (task, log, environment);
        _mail = new LoopMail(task);
        _wait = new LoopWait(environment.Pacemaker);
        _schedule = new LoopSchedule(task, log, environment, _wait);
        _followUp = new IterationFollowUp(this, log, environment);
        _running = new RunningIterations(() => new(task.Name, environment, log.History.NextNumber, HasEnded, _followUp.RecordStuck, _stopping.Token));
    }

    /// <summary>Ends with the loop. Never faults.</summary>
    public Task<LoopEnd> Completion => _completion.Task;

    public LoopMail Mail => _mail;

    public RunningIterations Running => _running;

    public LoopSchedule Schedule => _schedule;

    public bool IsStarted => StartedAt is not null;

    /// <summary>On the wall clock; null: not yet.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>Starts the loop with nothing of the caller's context: an ambient activity or logger scope would grow with every iteration.</summary>
    /// <param name="after">The loop that was there before, which must have ended first; null: there was none.</param>
    public void Start(Task? after = null)
    {
        StartedAt = _environment.Time.GetUtcNow();
        if (after is null or { IsCompleted: true })
            _environment.Pacemaker.Dispatch(this);
        else
            after.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _environment.Pacemaker.Dispatch(this));
    }

    public void Wake() => _wait.Wake();

    /// <summary>Tells the loop to end. The first reason counts; a running iteration is cancelled after <c>DrainFor</c>.</summary>
    public void Stop(StopRequest request)
    {
        _mail.TryStop(request);
        _wait.Stop();
        if (request.Interrupts is OutcomeReason.None)
            return;
        _ = _stopping.CancelAsync();
        _running.CancelAfter(_mail.Task.Options.DrainFor, request.Interrupts);
    }

    public void Pause(string reason)
    {
        _mail.Paused = reason;
        Tell(LoopEventKind.Paused, reason);
    }

    public void Resume()
    {
        if (_mail.Paused is null)
            return;
        _mail.Paused = null;
        Tell(LoopEventKind.Resumed);
    }

    /// <returns>False when the loop does not run: nobody would run it.</returns>
    public bool TryRun(ManualRun run)
    {
        if (!IsStarted || !_mail.TryPost(run))
            return false;
        _wait.Wake();
        return true;
    }

    /// <returns>A task that ends when the loop has planned by the new definition.</returns>
    public Task Change(RecurringTask task)
    {
        var change = _mail.PostChange(task, isRead: IsStarted);
        _wait.Wake();
        return change;
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        _clean = ExecutionContext.Capture();
        try
        {
            await LoopAsync().ConfigureAwait(false);
        }
        catch (Exception error) // a bug in SafeLoop itself: it must not go unseen, and whoever waits must be told
        {
            _environment.Observers.Fault(_task.Name, "The loop ended by an exception of its own, which is a bug in SafeLoop. Please report it.", error);
            Stop(new(LoopEnd.Failures, OutcomeReason.None, error.Message));
        }

        Tell(LoopEventKind.LoopEnded, _mail.Stop!.Reason, _mail.Stop.End);
        _completion.SetResult(_mail.Stop.End);
    }

    private async Task LoopAsync()
    {
        Tell(LoopEventKind.LoopStarted);
        _schedule.Begin();
        _now = _schedule.Clock.Read();

        while (await _wait.UntilAsync(PlanNext()).ConfigureAwait(false))   // false: told to stop. Woken early by mail and by iterations that end.
        {
            LookAtTheClock();
            TakeOverChange();
            CollectEnded();
            TakeRunsByHand();
            MeetDueSlots();
            StartPending();
        }

        await SeeIterationsEndAsync().ConfigureAwait(false);
    }

    private long PlanNext()
    {
        _look = _schedule.PlanNext(ref _now, _running.Count);
        if (_look is LoopSchedule.AtOnce && _schedule is { Next: null, Pending: 0 })
            Stop(new(LoopEnd.Completed, OutcomeReason.None, "The schedule has no further slot."));
        return _look;
    }

    // A loop that goes on at once still knows the time its last iteration ended, unless its slot came due only after that.
    private void LookAtTheClock()
    {
        if (_look is not LoopSchedule.AtOnce || _schedule.Next?.Due > _now.Now)
            _now = _schedule.Clock.Read();
    }

    private void TakeOverChange()
    {
        if (_mail.TakeChange() is not { } change)
            return;
        _task = _mail.Task;
        _schedule.Change(_task);
        _now = _schedule.Clock.Read();
        Tell(LoopEventKind.Changed);
        change.SetResult();
    }

    private void CollectEnded()
    {
        while (_running.TakeEnded() is { } iteration)
            Finish(iteration);
    }

    private void TakeRunsByHand()
    {
        while (_mail.TakeRun() is { } manual)
        {
            if (_schedule.MeetByHand(new(_now.Now, manual), _now, _running.Count))
                _running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
        }
    }

    private void MeetDueSlots()
    {
        if (_schedule.MeetDueSlots(_now, _running.Count, _mail.Paused is not null))
            _running.CancelAfter(TimeSpan.Zero, OutcomeReason.Replaced);
    }

    private void StartPending()
    {
        while (_mail.Stop is null && _running.Count < _schedule.MostParallel && _schedule.TryTakePending(out var run))
        {
            if (run.Manual is { IsCancelled: true })
                _schedule.Drop(run, OutcomeReason.Cancelled, _now);
            else if (!_task.Options.Enabled)
                _schedule.Drop(run, OutcomeReason.Disabled, _now);
            else if (run.Manual is null && _mail.Paused is not null)
                _schedule.Drop(run, OutcomeReason.Paused, _now);
            else
                Start(run);
        }
    }

    private void Start(PendingRun run)
    {
        if (_clean is not null)
            ExecutionContext.Restore(_clean); // what a policy or an observer left in AsyncLocals would grow with every iteration

        var iteration = _running.Take();
        iteration.Begin(_task, _schedule.Clock, run, _now, _log.History.ConsecutiveFailures);
        _running.Add(iteration);

        // Whoever stopped the loop a moment ago did not see this iteration.
        if (_mail.Stop is { Interrupts: not OutcomeReason.None } stop)
            iteration.Runner.CancelAfter(_task.Options.DrainFor, stop.Interrupts);
        if (iteration.Run())
            Finish(iteration);
    }

    private void Finish(RunningIteration iteration)
    {
        _now = iteration.Ended;
        if (_schedule.KnowsSlotsAhead)
        {
            var ended = _now;
            _schedule.PlanNext(ref ended, _running.Count);
            MeetDueSlots(); // those that came due while it was running, seen while it still counts as running
        }

        _running.Remove(iteration);
        if (iteration.End.EndsLoop is { } end)
            Stop(new(end, OutcomeReason.None, iteration.End.EndReason));
        if (iteration.IsStuck)
            _followUp.TellUnstuck(iteration);
        else
            _followUp.Record(iteration, iteration.End, iteration.Ended);
        if (iteration.Iteration.ChosenNext is { } chosen)
            _schedule.Choose(chosen, _now.Now);
    }

    // On the step's thread, where an ended await goes on anyway.
    private void HasEnded(RunningIteration iteration)
    {
        _running.HasEnded(iteration);
        _wait.WakeHere();
    }

    private async Task SeeIterationsEndAsync()
    {
        var reason = _mail.Stop!.Interrupts is OutcomeReason.None ? OutcomeReason.Disabled : _mail.Stop.Interrupts;
        while (true)
        {
            _wait.Reopen();
            CollectEnded();
            while (_schedule.TryTakePending(out var run))
                _schedule.Drop(run, reason, _now);
            if (_running.Count == 0)
                break;
            await _wait.UntilAsync(LoopSchedule.Never).ConfigureAwait(false);
        }

        _schedule.Close();
        _mail.Close()?.TrySetResult();
        while (_mail.TakeRun() is { } manual)
            _schedule.Drop(new(_now.Now, manual), reason, _now);
    }

    private void Tell(LoopEventKind kind, string? text = null, LoopEnd? end = null) => _environment.Observers.Tell(new()
    {
        Kind = kind,
        Task = _task.Name,
        ConsecutiveFailures = _log.History.ConsecutiveFailures,
        Text = text,
        End = end,
    });
}
