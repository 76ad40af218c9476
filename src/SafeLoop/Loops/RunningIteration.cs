using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>A running iteration: what was requested, since when, and how it ended. Reused for the next one.</summary>
internal sealed class RunningIteration : IThreadPoolWorkItem, ICancellable
{
    private static readonly TimeSpan TickAhead = TimeSpan.FromMilliseconds(1);

    private readonly IIterationHost _loop;
    private readonly Action _completed;
    private ConfiguredValueTaskAwaitable<IterationEnd>.ConfiguredValueTaskAwaiter _awaiter;
    private LoopClock _clock = null!;

    public RunningIteration(IIterationHost loop, string task, LoopEnvironment environment, StopSignal stop, LoopLog log)
    {
        (_loop, _completed) = (loop, Complete);
        Runner = new IterationRunner(task, environment, stop, log, this);
    }

    public IterationRunner Runner { get; }

    public Iteration Iteration => Runner.Iteration;

    public PendingRun Request { get; private set; }

    public LoopMoment Started { get; private set; }

    public LoopMoment Ended { get; private set; }

    public IterationEnd End { get; private set; } = IterationEnd.Succeeded;

    /// <summary>True when it was reported as stuck, and recorded with that report.</summary>
    public bool IsStuck => Runner.IsStuck;

    /// <summary>True when it did not start, and its slot stays due for the host to which the loop moves.</summary>
    public bool IsReturned => End.Outcome is IterationOutcome.None && !IsStuck;

    /// <summary>True when it was reported as long-running.</summary>
    public bool IsReportedLong { get; set; }

    public TimeSpan Age => Runner.Time.GetElapsedTime(Started.Timestamp);

    /// <summary>True when it takes longer than expected and has no time limit.</summary>
    public bool IsLong(RecurringTask task) => task.LongAfter(Request.Slot.ToDateTimeOffset()) is { } limit && Age > limit;

    public void Begin(RecurringTask task, IKeyed? keyed, LoopClock clock, PendingRun request, LoopMoment started, int failures)
    {
        Iteration.Keyed = keyed;
        // The slot of a continuous loop may be a tick ahead of a coarse clock, and is then the time of the start. A slot further
        // ahead comes from a clock that was set back.
        var now = request.Slot - started.Now < TickAhead ? Instant.Max(request.Slot, started.Now) : started.Now;
        (_clock, Request, Started, IsReportedLong) = (clock, request, started with { Now = now }, false);
        Runner.Begin(task, request, Started.Now, failures);
        request.Manual?.OnStarted(() => Runner.CancelAfter(TimeSpan.Zero, OutcomeReason.Cancelled));
    }

    /// <summary>Runs the iteration until it ends or first awaits.</summary>
    /// <returns>True when it has ended. False when it awaits; the loop is notified of its end.</returns>
    public bool Run()
    {
        var run = Runner.RunAsync();
        if (run.IsCompleted)
        {
            SetEnd(run.Result);
            return true;
        }
        _awaiter = run.ConfigureAwait(false).GetAwaiter();
        _awaiter.UnsafeOnCompleted(_completed);
        return false;
    }

    void IThreadPoolWorkItem.Execute()
    {
        var outer = ExecutionContext.Capture();
        _loop.EnterContext();
        if (Run())
            _loop.OnCompleted(this);
        if (outer is not null)
            ExecutionContext.Restore(outer);
    }

    void ICancellable.ReportStuck() => _loop.OnStuck(this);

    UserCall ICancellable.EnterCallbacks() => Runner.EnterCallbacks();

    void ICancellable.Fault(FaultKind kind, string text, Exception? error) => Runner.Fault(kind, text, error);

    /// <summary>Makes it ready for the next iteration.</summary>
    public void Reset() => Request = default;

    public IterationRecord ToRecord(IterationEnd end, TimeSpan elapsed) =>
        new(Request.Slot, Started.Now, end.Outcome, end.Reason, 1)
        {
            IsManual = Request.Manual is not null,
            Number = Iteration.Number,
            Elapsed = elapsed,
            Error = ErrorText.Format(end.Exception) ?? end.Holder.Text,
        };

    private void Complete()
    {
        var end = _awaiter.GetResult();
        _awaiter = default;
        SetEnd(end);
        _loop.OnCompleted(this);
    }

    // Reuses the timestamp at which the last step returned, unless other code was called since.
    private void SetEnd(IterationEnd end)
    {
        End = end;
        Ended = Runner.StepsReturned is not StepTimer.Unknown and var returned ? _clock.At(returned) : _clock.Read();
    }
}
