namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The clock of the database's server, which passes faster.</summary>
internal sealed class ScaledDatabaseClock(ScaledTime time) : IDatabaseClock
{
    private readonly DatabaseClock _real = new();

    public async ValueTask<long> GetNowAsync(StoreContext db, CancellationToken cancellationToken) =>
        Micros.Of(time.Scale(Micros.ToInstant(await _real.GetNowAsync(db, cancellationToken))));
}
