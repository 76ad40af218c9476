using Npgsql;

namespace Replicas;

/// <summary>
/// A store that refuses late writers: the fence of the last write stands in the row, and a
/// write with a lower one changes nothing.
/// </summary>
internal sealed class PriceStore(NpgsqlDataSource dataSource)
{
    public const string Schema = """
        CREATE TABLE prices (id int PRIMARY KEY, replica text NOT NULL, slot timestamptz NOT NULL, fence bigint NOT NULL);
        INSERT INTO prices VALUES (1, 'nobody', '-infinity', 0);
        """;

    private const string Save = "UPDATE prices SET replica = $1, slot = $2, fence = $3 WHERE id = 1 AND fence < $3 AND slot < $2";

    /// <returns>False: refused.</returns>
    public async Task<bool> SaveAsync(string replica, DateTimeOffset slot, long fence, CancellationToken cancellationToken)
    {
        await using var update = dataSource.CreateCommand(Save);
        update.Parameters.Add(new() { Value = replica });
        update.Parameters.Add(new() { Value = slot.UtcDateTime });
        update.Parameters.Add(new() { Value = fence });
        return await update.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
