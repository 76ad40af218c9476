namespace SafeLoop;

/// <summary>The token of one iteration after the other: one source, used again as long as nobody cancelled it.</summary>
/// <remarks>
/// A source that was cancelled, or is about to be, is left to the iteration it was given to, so a token outlives its step and
/// a late cancellation cannot reach the next one.
/// </remarks>
internal sealed class IterationCancellation(Action<string, Exception> fault)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();
    private bool _active;

    /// <summary>Why this iteration was told to give up; <see cref="OutcomeReason.None"/>: it was not, or its time is over.</summary>
    public OutcomeReason Reason { get; private set; }

    /// <summary>True when it was told to give up because its time is over.</summary>
    public bool IsOverdue { get; private set; }

    public bool IsRequested { get; private set; }

    public CancellationToken Token => _source.Token;

    public void Begin()
    {
        lock (_gate)
            (_active, Reason, IsOverdue, IsRequested) = (true, OutcomeReason.None, false, false);
    }

    /// <summary>Cancels the token of the running iteration; the first reason counts. Callbacks of the step run on this thread.</summary>
    /// <param name="reason"><see cref="OutcomeReason.None"/>: its time is over.</param>
    /// <returns>False when no iteration is running or it was cancelled already.</returns>
    public bool Cancel(OutcomeReason reason)
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            if (!_active || IsRequested)
                return false;
            (Reason, IsOverdue, IsRequested) = (reason, reason is OutcomeReason.None, true);
            source = _source;
        }

        try
        {
            source.Cancel();
        }
        catch (AggregateException error) // thrown by callbacks the step has registered
        {
            fault("A callback on the iteration's cancellation token threw.", error);
        }
        return true;
    }

    public void End()
    {
        lock (_gate)
        {
            _active = false;
            if (IsRequested || !_source.TryReset())
                _source = new();
        }
    }
}
