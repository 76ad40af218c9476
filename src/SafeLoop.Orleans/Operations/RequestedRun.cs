namespace SafeLoop;

/// <summary>A run that another host has requested.</summary>
internal sealed class RequestedRun(Func<CancellationToken, Task<MemberReply>> run, TimeProvider time)
{
    private readonly TaskCompletionSource<MemberReply> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancel = new(); // without a timer, so it need not be disposed
    private int _isStarted;
    private long _endedAt;

    /// <summary>Completes with the reply. Never faults.</summary>
    public Task<MemberReply> Ended => _ended.Task;

    /// <summary>Starts it; later calls do nothing.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
            _ = RunAsync();
    }

    public void Cancel() => _cancel.Cancel();

    /// <summary>True when it ended longer ago than that.</summary>
    public bool IsOlderThan(TimeSpan span, TimeProvider clock) =>
        Ended.IsCompleted && clock.GetElapsedTime(Volatile.Read(ref _endedAt)) > span;

    private async Task RunAsync()
    {
        MemberReply reply;
        try
        {
            reply = await run(_cancel.Token).ConfigureAwait(false);
        }
        catch (Exception error) // the host that has requested the run throws it
        {
            reply = MemberFault.ToReply(error);
        }
        Volatile.Write(ref _endedAt, time.GetTimestamp());
        _ended.SetResult(reply);
    }
}
