namespace SafeLoop.Testing;

/// <summary>The clock of a host that is wrong. A store that uses it marks live hosts as lost.</summary>
internal sealed class SkewedClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
