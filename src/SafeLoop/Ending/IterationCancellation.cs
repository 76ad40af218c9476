namespace SafeLoop;

/// <summary>
/// Cancels the iterations of one runner, one after the other: on request or after a time limit. Reports an iteration that does
/// not end within the grace period.
/// </summary>
/// <remarks>
/// <para>
/// A token source is reused until it is cancelled, so an iteration allocates nothing. A source that was cancelled, or is about
/// to be, stays with its iteration, because a token may outlive its step. A late cancellation therefore never reaches the next
/// iteration.
/// </para>
/// <para>The alarm rings on another thread, so it also works for a step that blocks the loop's thread.</para>
/// </remarks>
internal sealed class IterationCancellation(Pacemaker pacemaker, ICancellable iteration) : Alarm, IThreadPoolWorkItem
{
    // A step that observes its token resumes in the thread pool. When the pool runs queued work later than this, the delay is
    // not the fault of the step.
    private static readonly TimeSpan PromptService = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();
    private TimeSpan _grace;
    private long _due = long.MaxValue;
    private long _probeQueued; // when the probe was queued in the thread pool, after the grace period
    private int _probedTurn;
    private OutcomeReason _dueReason;
    private TaskCompletionSource? _reporting;
    private bool _active;
    private volatile bool _isRequested; // written after the reason, so that a thread that reads true also reads the reason

    public CancellationToken Token => _source.Token;

    public bool IsRequested => _isRequested;

    /// <summary>The timestamp of the request; undefined before it.</summary>
    public long RequestedAt { get; private set; }

    /// <summary>The reason of the request; <see cref="OutcomeReason.None"/>: the time limit has passed.</summary>
    public OutcomeReason Reason { get; private set; }

    /// <summary>Identifies the current iteration. A request for another one cancels nothing.</summary>
    public int Turn { get; private set; }

    /// <summary>True when the iteration was reported and recorded as stuck.</summary>
    public bool IsStuck { get; private set; }

    /// <param name="limit">The time limit of the iteration; null: none.</param>
    /// <param name="grace">
    /// The time in which a cancelled iteration must end. The time starts again while the thread pool does not run queued work.
    /// </param>
    public void Begin(TimeSpan? limit, TimeSpan grace)
    {
        // No other thread can reach this iteration yet, and an alarm of the last one finds nothing due, so no lock is needed.
        (_grace, _isRequested, Reason, IsStuck, _active) = (grace, false, OutcomeReason.None, false, true);
        if (limit is { } time)
            CancelAfter(time, OutcomeReason.None);
    }

    /// <summary>
    /// Cancels the iteration now. The first reason counts. Callbacks that the step registered run on this thread.
    /// </summary>
    public void Cancel(OutcomeReason reason, int turn)
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            if (!_active || IsRequested || turn != Turn)
                return;
            (Reason, _due, source) = (reason, long.MaxValue, _source);
            RequestedAt = pacemaker.Time.GetTimestamp();
            _isRequested = true;
            Arm(_grace); // before the callbacks, which may block
        }

        using var call = iteration.EnterCallbacks();
        try
        {
            source.Cancel();
        }
        catch (AggregateException error) // thrown by callbacks that the step registered
        {
            if (!Cancellation.IsCauseOf(error))
                iteration.Fault(
                    FaultKind.CancellationCallbackThrew, "A callback on the iteration's cancellation token threw.", error);
        }
    }

    /// <summary>
    /// Cancels the iteration after <paramref name="delay"/>, on another thread, unless it ends or is cancelled earlier.
    /// </summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason)
    {
        lock (_gate)
        {
            if (_active && !IsRequested && Arm(delay))
                _dueReason = reason;
        }
    }

    /// <returns>A task that completes after the report of a stuck iteration, so that the report precedes the end.</returns>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _active = false;
            Turn++;
            if (_due != long.MaxValue)
            {
                _due = long.MaxValue;
                pacemaker.Disarm(this);
            }
            if (IsRequested || !_source.TryReset())
                _source = new();
            return IsStuck ? _reporting!.Task : Task.CompletedTask;
        }
    }

    protected internal override void Ring()
    {
        OutcomeReason reason;
        bool isFirst;
        int turn;
        lock (_gate)
        {
            if (!_active || pacemaker.Time.GetTimestamp() < _due)
                return; // for an iteration that has ended
            (isFirst, reason, turn, _due) = (!IsRequested, _dueReason, Turn, long.MaxValue);
            if (!isFirst)
                (_probedTurn, _probeQueued) = (Turn, pacemaker.Time.GetTimestamp());
        }

        if (isFirst)
            Cancel(reason, turn);
        else
            pacemaker.Dispatch(this);
    }

    /// <summary>
    /// Runs when the grace period has passed. Reports the iteration as stuck only when the thread pool ran this item promptly,
    /// because only then could the step have resumed.
    /// </summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            if (!_active || _probedTurn != Turn)
                return; // the iteration has ended
            var waited = pacemaker.Time.GetElapsedTime(_probeQueued);
            if (waited > PromptService && waited > _grace / 10)
            {
                Arm(_grace);
                return;
            }
            IsStuck = true;
            // Set under the lock, so that the report is about this iteration and not a later one. An iteration that ends
            // meanwhile waits for the report.
            _reporting = new();
        }
        Report(_reporting);
    }

    private void Report(TaskCompletionSource reporting)
    {
        try
        {
            iteration.ReportStuck();
        }
        finally
        {
            reporting.SetResult();
        }
    }

    /// <returns>False when the alarm is already due earlier.</returns>
    private bool Arm(TimeSpan delay)
    {
        var due = pacemaker.Time.TimestampIn(delay);
        if (due >= _due)
            return false;
        _due = due;
        pacemaker.Arm(this, due);
        return true;
    }
}
