namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A wall clock that differs from another one by a fixed time.</summary>
internal sealed class ShiftedTime(TimeProvider time, TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + by;
}
