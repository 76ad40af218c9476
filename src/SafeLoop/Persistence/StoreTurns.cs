namespace SafeLoop;

/// <summary>Takes turns one after the other: each when the one before has said, or when it is woken.</summary>
/// <param name="pacemaker">Wakes it.</param>
internal abstract class StoreTurns(Pacemaker pacemaker) : IThreadPoolWorkItem
{
    private readonly LoopWait _wait = new(pacemaker);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requested; // wake-ups: one during a turn must not make this look idle
    private int _done;

    /// <summary>True while a turn is under way, or is about to begin.</summary>
    public bool IsBusy => Volatile.Read(ref _done) != Volatile.Read(ref _requested) && !HasEnded;

    /// <summary>Called when a turn has ended; null: no listener.</summary>
    public Action? BecameIdle { get; set; }

    protected Pacemaker Pacemaker => pacemaker;

    /// <summary>Cancelled when no further turn is taken.</summary>
    protected CancellationToken Stopping => _stop.Token;

    /// <summary>True when the last turn has ended.</summary>
    protected bool HasEnded => _ended.Task.IsCompleted;

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    protected void StartTurns()
    {
        Interlocked.Increment(ref _requested);
        pacemaker.Dispatch(this);
    }

    protected void RequestTurn()
    {
        Interlocked.Increment(ref _requested);
        _wait.Wake();
    }

    /// <summary>Takes no further turn, and waits for the one that is under way.</summary>
    protected async ValueTask StopTurnsAsync(CancellationToken limit)
    {
        _wait.Stop(); // first: a turn that is cancelled would be followed by another
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes one turn. It must not throw.</summary>
    /// <returns>The timestamp of the next one.</returns>
    protected abstract ValueTask<long> TakeTurnAsync();

    private async Task RunAsync()
    {
        var next = long.MinValue;
        while (await _wait.UntilAsync(next).ConfigureAwait(false))
        {
            var requested = Interlocked.Increment(ref _requested);
            next = await TakeTurnAsync().ConfigureAwait(false);
            Volatile.Write(ref _done, requested);
            BecameIdle?.Invoke();
        }
        _wait.Close();
        _ended.SetResult();
    }
}
