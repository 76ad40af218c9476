namespace SafeLoop.EntityFrameworkCore;

/// <summary>The clock of the host in place of that of the database, for tests in virtual time.</summary>
internal sealed class VirtualDatabaseClock(TimeProvider time) : IDatabaseClock
{
    public ValueTask<long> GetNowAsync(StoreContext db, CancellationToken cancellationToken) => new(Micros.Of(time.GetUtcNow()));
}
