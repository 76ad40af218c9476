namespace SafeLoop;

/// <summary>A lease of the default provider. Its deadline is on the monotonic clock.</summary>
internal sealed class InProcessLease(InProcessLock owner, long fencingToken, TimeSpan atMostFor, TimeProvider time) : ILoopLease
{
    private readonly CancellationTokenSource? _lost = atMostFor > TimeSpan.Zero ? new() : null;

    public long FencingToken => fencingToken;

    public TimeSpan AtMostFor => atMostFor;

    public CancellationToken Lost => _lost?.Token ?? CancellationToken.None;

    public long Deadline { get; private set; } = DeadlineFrom(time, atMostFor);

    public bool HasExpired => atMostFor > TimeSpan.Zero && time.GetTimestamp() >= Deadline;

    public void Extend() => Deadline = DeadlineFrom(time, atMostFor);

    /// <summary>
    /// Marks the lease as lost, because another owner has the lock now. Callbacks of the holder run on another thread, not
    /// under the gate.
    /// </summary>
    public void MarkLost() => _ = _lost?.CancelAsync();

    public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => new(owner.Renew(this));

    public ValueTask DisposeAsync()
    {
        owner.Release(this);
        return ValueTask.CompletedTask;
    }

    private static long DeadlineFrom(TimeProvider time, TimeSpan atMostFor) =>
        atMostFor > TimeSpan.Zero
            ? time.TimestampIn(atMostFor)
            : long.MaxValue;
}
