namespace SafeLoop.Testing;

/// <summary>The clock of a host that is wrong. A store that keeps time by it takes live hosts for lost.</summary>
internal sealed class SkewedClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
