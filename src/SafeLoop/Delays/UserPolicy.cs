namespace SafeLoop;

/// <summary>The user's own delay policy.</summary>
internal sealed class UserPolicy(IDelayPolicy policy) : ISchedule
{
    // The first moment of time means "not yet" to a loop.
    private static readonly Instant First = new(1);

    public Instant Next(LoopHistory history, Instant now) =>
        policy.Next(history, now.ToDateTimeOffset()) is { } next ? Instant.Max(next, First) : Instant.Never;
}
