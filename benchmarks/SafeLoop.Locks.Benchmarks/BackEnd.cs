using LocalServers;
using Medallion.Threading;
using Medallion.Threading.Postgres;
using Medallion.Threading.Redis;
using Npgsql;
using StackExchange.Redis;

namespace SafeLoop.Locks.Benchmarks;

/// <summary>A durable server on this machine, and the ways to it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Server">The server.</param>
/// <param name="Locks">Its locks.</param>
/// <param name="Fences">Its fences, on the connections of the locks.</param>
/// <param name="OwnPool">Its fences, on connections of their own that are not reset between two uses;
/// null: connections are shared anyway.</param>
internal sealed record BackEnd(
    string Name, LocalServer Server, IDistributedLockProvider Locks, IFenceStore Fences, IFenceStore? OwnPool) : IDisposable
{
    public static async Task<BackEnd> PostgresAsync()
    {
        var server = new PostgresServer(durable: true);
        server.Start();
        var dataSource = NpgsqlDataSource.Create(server.ConnectionString() + ";Options=-c client_connection_check_interval=1000");
        var ownPool = NpgsqlDataSource.Create(server.ConnectionString() + ";No Reset On Close=true");
        await using (var schema = dataSource.CreateCommand(PostgresFenceStore.Schema))
            await schema.ExecuteNonQueryAsync();
        return new("PostgreSQL", server, new PostgresDistributedSynchronizationProvider(dataSource),
            new PostgresFenceStore(dataSource), new PostgresFenceStore(ownPool));
    }

    public static BackEnd Redis()
    {
        var server = new RedisServer(durable: true);
        server.Start();
        var database = ConnectionMultiplexer.Connect($"127.0.0.1:{server.Port}").GetDatabase();
        return new(
            "Redis",
            server,
            new RedisDistributedSynchronizationProvider(
                database, redis => redis.ExtensionCadence(TimeSpan.FromMilliseconds(500))),
            new RedisFenceStore(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments)),
            null);
    }

    public void Dispose() => Server.Dispose();
}
