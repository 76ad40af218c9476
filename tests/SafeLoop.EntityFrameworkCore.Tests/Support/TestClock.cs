namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A clock of the database that a test moves.</summary>
internal sealed class TestClock : IDatabaseClock
{
    private long _now = Micros.Of(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _now, Micros.Of(time));

    public ValueTask<long> GetNowAsync(StoreContext db, CancellationToken cancellationToken) => new(Interlocked.Read(ref _now));
}
