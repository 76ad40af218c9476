namespace SafeLoop;

/// <summary>The delay policy of a user.</summary>
internal sealed class UserPolicy(IDelayPolicy policy) : ISchedule
{
    // The first moment of time means "not yet" to a loop.
    private static readonly Instant First = new(1);

    private LoopHistory? _free; // used again, so that asking a policy allocates nothing

    public Instant Next(in LoopState state, Instant now)
    {
        var history = Interlocked.Exchange(ref _free, null) ?? new LoopHistory();
        history.State = state;
        var next = policy.Next(history, now.ToDateTimeOffset());
        Volatile.Write(ref _free, history);
        return next is { } instant ? Instant.Max(instant, First) : Instant.Never;
    }
}
