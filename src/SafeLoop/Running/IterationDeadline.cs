namespace SafeLoop;

/// <summary>Cancels an iteration when its time is over, and reports it as stuck when it still has not ended a grace period later.</summary>
/// <remarks>Rings on a thread of its own, so it also works for a step that blocks the loop's thread.</remarks>
internal sealed class IterationDeadline(Pacemaker pacemaker, IterationCancellation cancellation, Action stuck) : Alarm
{
    private readonly Lock _gate = new();
    private TimeSpan _grace;
    private long _due = long.MaxValue;
    private OutcomeReason _reason;
    private bool _running;

    /// <param name="limit">How long the iteration may take; null: as long as it likes.</param>
    /// <param name="grace">How long it may take to end after it was cancelled.</param>
    public void Begin(TimeSpan? limit, TimeSpan grace)
    {
        lock (_gate)
        {
            (_running, _grace, _due, _reason) = (true, grace, long.MaxValue, OutcomeReason.None);
            if (limit is { } time)
                Move(time, OutcomeReason.None);
        }
    }

    /// <summary>Cancels the iteration after <paramref name="delay"/>, unless it is to be cancelled sooner. Zero: at once, on a thread of its own.</summary>
    public void CancelAfter(TimeSpan delay, OutcomeReason reason)
    {
        lock (_gate)
        {
            if (_running && !cancellation.IsRequested)
                Move(delay, reason);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _running = false;
            if (_due == long.MaxValue)
                return;
            _due = long.MaxValue;
            pacemaker.Disarm(this);
        }
    }

    protected internal override void Ring()
    {
        OutcomeReason reason;
        bool alreadyCancelled;
        lock (_gate)
        {
            if (!_running || pacemaker.Time.GetTimestamp() < _due)
                return;
            (reason, alreadyCancelled) = (_reason, cancellation.IsRequested);
            _due = long.MaxValue;
            if (!alreadyCancelled)
                Move(_grace, reason); // before cancelling, which runs the step's own callbacks and may block
        }

        if (alreadyCancelled)
            stuck();
        else
            cancellation.Cancel(reason);
    }

    /// <summary>Whoever else cancels the iteration starts the grace period with this.</summary>
    public void StartGrace()
    {
        lock (_gate)
        {
            if (!_running)
                return;
            _due = long.MaxValue;
            Move(_grace, _reason);
        }
    }

    private void Move(TimeSpan delay, OutcomeReason reason)
    {
        var due = pacemaker.Time.GetTimestamp() + (long)Math.Ceiling(Math.Min(delay.TotalSeconds, 1e9) * pacemaker.Time.TimestampFrequency);
        if (due >= _due)
            return;
        (_due, _reason) = (due, reason);
        pacemaker.Arm(this, due);
    }
}
