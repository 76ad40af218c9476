namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The clock of the database: that of the scenario and an offset. It never goes back.</summary>
internal sealed class CrashClock(TimeSpan offset, Func<DateTimeOffset> now) : IDatabaseClock
{
    private readonly Lock _gate = new();
    private long _last;

    public long Now
    {
        get
        {
            lock (_gate)
                return _last = Math.Max(_last, Micros.Of(now() + offset));
        }
    }

    public ValueTask<long> GetNowAsync(StoreContext db, CancellationToken cancellationToken) => new(Now);
}
