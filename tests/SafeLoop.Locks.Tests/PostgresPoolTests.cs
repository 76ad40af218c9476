using LocalServers;
using Medallion.Threading.Postgres;
using Npgsql;

namespace SafeLoop.Locks.Tests;

/// <summary>Each held lock keeps a session. When all of a pool are kept, numbers must not have to wait for one of them.</summary>
[Collection(PostgresCollection.Name)]
public class PostgresPoolTests(PostgresBackEnd backEnd)
{
    [Fact]
    public async Task More_locks_than_connections_are_taken_one_after_the_other()
    {
        var server = ((PostgresServer)backEnd.Server).ConnectionString() + ";Maximum Pool Size=2";
        await using var sessions = NpgsqlDataSource.Create(server);
        await using var numbers = NpgsqlDataSource.Create(server);
        var locks = new DistributedLocks(new PostgresDistributedSynchronizationProvider(sessions),
            new PostgresFenceStore(numbers), TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            await using var lease = await locks.TryAcquireAsync(new() { Name = $"pool {n}" }, default);
            Assert.NotNull(lease);
        }));
    }
}
