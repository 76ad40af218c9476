namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Reads the time of the database, by which hosts judge each other's heartbeats. A test that has its own time replaces it.
/// </summary>
internal interface IDatabaseClock
{
    /// <summary>The present time of the database in microseconds since 1970, UTC.</summary>
    ValueTask<long> GetNowAsync(StoreContext db, CancellationToken cancellationToken);
}
