namespace SafeLoop;

/// <summary>The token of one iteration after the other: cancelled by others or when its time is over, and watched until the step has obeyed.</summary>
/// <remarks>
/// <para>
/// One source is used again as long as nobody has cancelled it, so an iteration allocates nothing. A source that was cancelled, or is
/// about to be, is left to the iteration it was given to: a token outlives its step, and a late cancellation cannot reach the next one.
/// </para>
/// <para>It rings on a thread of its own, so it also works for a step that blocks the loop's thread.</para>
/// </remarks>
internal sealed class IterationCancellation(Pacemaker pacemaker, ICancelled iteration) : Alarm, IThreadPoolWorkItem
{
    // A step that obeys its token resumes in the thread pool. It is late through no fault of its own when work waits there
    // longer.
    private static readonly TimeSpan PromptService = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();
    private TimeSpan _grace;
    private long _due = long.MaxValue;
    private long _probeQueued; // in the thread pool, when the grace is over
    private int _probedTurn;
    private OutcomeReason _dueReason;
    private TaskCompletionSource? _reporting;
    private bool _active;
    private volatile bool _isRequested; // written after the reason, which whoever sees this must find

    public CancellationToken Token => _source.Token;

    public bool IsRequested => _isRequested;

    /// <summary>The timestamp of the request; means nothing before.</summary>
    public long RequestedAt { get; private set; }

    /// <summary>Why it was requested; <see cref="OutcomeReason.None"/>: the iteration's time is over.</summary>
    public OutcomeReason Reason { get; private set; }

    /// <summary>Which iteration it is: what was meant for another cancels nothing.</summary>
    public int Turn { get; private set; }

    /// <summary>True: it was reported, and with the report recorded, that the iteration does not end.</summary>
    public bool IsStuck { get; private set; }

    /// <param name="limit">How long the iteration may take; null: as long as it likes.</param>
    /// <param name="grace">
    /// How long it may take to end after it was cancelled. The time starts again while the thread pool does not run queued
    /// work.
    /// </param>
    public void Begin(TimeSpan? limit, TimeSpan grace)
    {
        // Nobody else can reach this iteration yet, and an alarm of the last one finds nothing due: no lock is needed.
        (_grace, _isRequested, Reason, IsStuck, _active) = (grace, false, OutcomeReason.None, false, true);
        if (limit is { } time)
            CancelAfter(time, OutcomeReason.None);
    }

    /// <summary>Cancels now; the first reason counts. Callbacks the step has registered run on this thread.</summary>
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
        catch (AggregateException error) // thrown by callbacks the step has registered
        {
            if (!Cancellation.IsCauseOf(error))
                iteration.Fault("A callback on the iteration's cancellation token threw.", error);
        }
    }

    /// <summary>Cancels after <paramref name="delay"/>, on a thread of its own, unless the iteration ends or is cancelled sooner.</summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason)
    {
        lock (_gate)
        {
            if (_active && !IsRequested && Arm(delay))
                _dueReason = reason;
        }
    }

    /// <returns>Completes after the report of a stuck iteration, so that the report precedes the end.</returns>
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
                return; // meant for an iteration that has ended
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
    /// Runs when the grace period is over. It reports the iteration as stuck only when the thread pool ran this item promptly,
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
            // Set under the lock, so that the report is about this iteration and no later one. An iteration that ends meanwhile
            // waits for the report.
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

    /// <returns>False when it would ring sooner anyway.</returns>
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
