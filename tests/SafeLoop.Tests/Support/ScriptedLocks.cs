namespace SafeLoop.Tests;

/// <summary>
/// A lock provider that a test scripts. It keeps a journal of its calls, with the time in seconds.
/// </summary>
internal sealed class ScriptedLocks : ILoopLockProvider
{
    private readonly List<string> _journal = [];
    private long _fence;

    public TimeProvider? Time { get; set; }

    public Func<LoopLockRequest, CancellationToken, ValueTask<bool>> Acquire { get; set; } = (_, _) => new(true);

    public Func<CancellationToken, ValueTask<bool>> Renew { get; set; } = _ => new(true);

    public Func<ValueTask> Release { get; set; } = () => ValueTask.CompletedTask;

    /// <summary>The members of the lease, each of which may throw.</summary>
    public Func<long, long> Fence { get; set; } = fence => fence;

    public Func<TimeSpan> AtMostFor { get; set; } = () => TimeSpan.FromSeconds(30);

    public Func<CancellationToken> Lost { get; set; } = () => CancellationToken.None;

    public bool HasFencing { get; set; } = true;

    public Func<DateTimeOffset?> LastSlot { get; set; } = () => null;

    public Func<DateTimeOffset, ValueTask<bool>> Record { get; set; } = _ => new(true);

    public List<DateTimeOffset> Recorded { get; } = [];

    public string[] Journal
    {
        get
        {
            lock (_journal)
                return [.. _journal];
        }
    }

    public async ValueTask<ILoopLease?> TryAcquireAsync(LoopLockRequest request, CancellationToken cancellationToken)
    {
        Note("acquire");
        return await Acquire(request, cancellationToken).ConfigureAwait(false)
            ? new Lease(this, Interlocked.Increment(ref _fence))
            : null;
    }

    private void Note(string what)
    {
        var seconds = Time is null ? 0 : (Time.GetUtcNow() - LoopHost.Start).TotalSeconds;
        lock (_journal)
            _journal.Add(FormattableString.Invariant($"{what} {seconds:0.###}"));
    }

    private sealed class Lease(ScriptedLocks locks, long fence) : ILoopLease
    {
        public long FencingToken => locks.Fence(fence);

        public TimeSpan AtMostFor => locks.AtMostFor();

        public CancellationToken Lost => locks.Lost();

        public ValueTask<bool> RenewAsync(CancellationToken cancellationToken)
        {
            locks.Note("renew");
            return locks.Renew(cancellationToken);
        }

        public DateTimeOffset? LastSlot => locks.LastSlot();

        public ValueTask<bool> RecordAsync(DateTimeOffset slot, CancellationToken cancellationToken)
        {
            locks.Note("record");
            locks.Recorded.Add(slot);
            return locks.Record(slot);
        }

        public ValueTask DisposeAsync()
        {
            locks.Note("release");
            return locks.Release();
        }
    }
}
