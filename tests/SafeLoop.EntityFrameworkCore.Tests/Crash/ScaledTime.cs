namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Time that passes faster, in all processes alike, so that a lost host is noticed within a test.</summary>
internal sealed class ScaledTime(int speed) : TimeProvider
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeProvider.System.TimestampFrequency;

    public override long GetTimestamp() => TimeProvider.System.GetTimestamp() * speed;

    public override DateTimeOffset GetUtcNow() => Scale(TimeProvider.System.GetUtcNow());

    /// <summary>The scaled time of a real one.</summary>
    public DateTimeOffset Scale(DateTimeOffset real) => Origin + ((real - Origin) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(TimeProvider.System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan scaled) => scaled == Timeout.InfiniteTimeSpan ? scaled
        : TimeSpan.FromMilliseconds(Math.Ceiling(scaled.TotalMilliseconds / speed));

    private sealed class ScaledTimer(ITimer real, ScaledTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(time.Real(dueTime), time.Real(period));

        public void Dispose() => real.Dispose();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
