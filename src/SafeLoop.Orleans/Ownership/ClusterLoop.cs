namespace SafeLoop;

/// <summary>A background loop of the coordinator: takes a turn when it is due or woken. No exception ends it.</summary>
/// <param name="pacemaker">The timer of the clock.</param>
/// <param name="turn">Does the work and returns the timestamp of the next turn; <see cref="long.MinValue"/>: at once.</param>
/// <param name="retryAfter">The shortest time from the start of a turn that has failed to the next one.</param>
/// <param name="reports">Where failures are reported.</param>
internal sealed class ClusterLoop(
    Pacemaker pacemaker, Func<CancellationToken, Task<long>> turn, TimeSpan retryAfter, ClusterReports reports)
{
    private readonly LoopWait _wait = new(pacemaker);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isStarted;

    /// <summary>Starts the loop, on a thread of the pacemaker. Without effect when it was started or stopped.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
            pacemaker.Dispatch(new WorkItem(() => _ = RunAsync()));
    }

    /// <summary>Lets the loop take a turn now, or another one after the present one.</summary>
    public void Wake() => _wait.Wake();

    /// <summary>Cancels the present turn and ends the loop.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
            return;
        _wait.Stop();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var next = long.MinValue;
        while (await _wait.UntilAsync(next).ConfigureAwait(false))
            next = await TakeTurnAsync().ConfigureAwait(false);
        _wait.Close();
        _ended.SetResult();
    }

    private async Task<long> TakeTurnAsync()
    {
        var retryAt = pacemaker.Time.TimestampIn(retryAfter);
        try
        {
            return await turn(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return long.MaxValue;
        }
        catch (Exception error) // a store may throw anything, and the loop must go on
        {
            reports.OnFailed(error);
            return retryAt;
        }
    }
}
