using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The clock of the database's server.</summary>
internal sealed class DatabaseClock : IDatabaseClock
{
    public async ValueTask<long> GetNowAsync(StoreContext db, CancellationToken cancellationToken)
    {
        if (Dialect.Of(db).Now is { } sql)
        {
            var rows = await db.Database.SqlQueryRaw<long>(sql).ToListAsync(cancellationToken).ConfigureAwait(false);
            return rows[0];
        }
#pragma warning disable RS0030 // the provider translates it to the server's clock
        var now = await db.Set<SchemaRow>().Select(_ => DateTime.UtcNow).FirstAsync(cancellationToken).ConfigureAwait(false);
#pragma warning restore RS0030
        return Micros.Of(new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc)));
    }
}
