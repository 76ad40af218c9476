namespace SafeLoop;

/// <summary>Adapts a user's delay policy.</summary>
internal sealed class UserPolicy(IDelayPolicy policy) : ISchedule
{
    // The default instant means "not yet" to a loop, so the first valid instant is 1.
    private static readonly Instant First = new(1);

    private LoopHistory? _free; // reused, so that calling a policy allocates nothing

    public Instant Next(in LoopState state, Instant now)
    {
        var history = Interlocked.Exchange(ref _free, null) ?? new LoopHistory();
        history.State = state;
        var next = policy.Next(history, now.ToDateTimeOffset());
        Volatile.Write(ref _free, history);
        return next is { } instant ? Instant.Max(instant, First) : Instant.Never;
    }
}
