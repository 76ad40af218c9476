namespace SafeLoop;

/// <summary>Signals that a loop is to end, and why. The first reason counts.</summary>
/// <remarks>Thread-safe, without a lock.</remarks>
internal sealed class StopSignal
{
    private StopRequest? _request;
    private CancellationTokenSource? _interrupting; // created when a check or handler first needs its token
    private int _isInterrupted;

    /// <summary>The request to end the loop; null before there is one.</summary>
    public StopRequest? Request => Volatile.Read(ref _request);

    /// <summary>Cancelled when a stop interrupts iterations, so that checks and handlers can give up.</summary>
    public CancellationToken Token
    {
        get
        {
            if (Volatile.Read(ref _isInterrupted) != 0)
                return new(canceled: true);
            var source = Volatile.Read(ref _interrupting);
            if (source is null)
            {
                var created = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _interrupting, created, null) ?? created;
            }
            if (Volatile.Read(ref _isInterrupted) != 0)
                _ = source.CancelAsync(); // a concurrent Set did not see the new source
            return source.Token;
        }
    }

    public void Set(StopRequest request)
    {
        Interlocked.CompareExchange(ref _request, request, null);
        if (request.Interrupts is OutcomeReason.None)
            return;
        Interlocked.Exchange(ref _isInterrupted, 1);
        _ = Volatile.Read(ref _interrupting)?.CancelAsync();
    }
}
