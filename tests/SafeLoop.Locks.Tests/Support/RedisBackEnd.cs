using LocalServers;
using Medallion.Threading.Redis;
using StackExchange.Redis;

namespace SafeLoop.Locks.Tests;

public sealed class RedisBackEnd() : BackEnd(new RedisServer())
{
    internal override LockClient Connect(int? port = null)
    {
        var connection = ConnectionMultiplexer.Connect(
            $"127.0.0.1:{port ?? Server.Port},abortConnect=false,allowAdmin=true,connectTimeout=1000,connectRetry=1");
        var database = connection.GetDatabase();
        return new(
            new RedisDistributedSynchronizationProvider(database, redis => redis
                .Expiry(TimeSpan.FromSeconds(3))
                .ExtensionCadence(TimeSpan.FromMilliseconds(500))
                .BusyWaitSleepTime(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(30))),
            new RedisFenceStore(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments)),
            connection);
    }

    // A restart that has forgotten: Redis itself does not tie a lock to a connection.
    public override void EndConnections()
    {
        using var connection = ConnectionMultiplexer.Connect($"127.0.0.1:{Server.Port},allowAdmin=true");
        connection.GetServers()[0].FlushAllDatabases();
    }
}
