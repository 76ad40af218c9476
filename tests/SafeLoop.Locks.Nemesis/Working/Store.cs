using Medallion.Threading;
using Medallion.Threading.Postgres;
using Medallion.Threading.Redis;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SafeLoop;
using StackExchange.Redis;

namespace Nemesis.Working;

/// <summary>The back-ends, set up as docs/locks.md says, with lengths that fit a short test.</summary>
internal static class Store
{
    public static void Add(IServiceCollection services, string kind, int port)
    {
        if (kind == "postgres")
            AddPostgres(services, port);
        else
            AddRedis(services, port);
    }

    private static void AddPostgres(IServiceCollection services, int port)
    {
        var server = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=5;Command Timeout=5";
        var locks = NpgsqlDataSource.Create(server + ";Maximum Pool Size=45;Options=-c client_connection_check_interval=1000");
        var fences = NpgsqlDataSource.Create(server + ";Maximum Pool Size=15");
        services.AddRecurringTaskLocks(new PostgresDistributedSynchronizationProvider(locks), new PostgresFenceStore(fences));
    }

    private static void AddRedis(IServiceCollection services, int port)
    {
        var options = ConfigurationOptions.Parse(
            $"127.0.0.1:{port},abortConnect=false,connectTimeout=1000,syncTimeout=2000,asyncTimeout=2000");
        options.ReconnectRetryPolicy = new LinearRetry(250);
        var database = ConnectionMultiplexer.Connect(options).GetDatabase();
        services.AddRecurringTaskLocks(
            new RedisDistributedSynchronizationProvider(
                database, redis => redis.Expiry(Plan.Lease).ExtensionCadence(TimeSpan.FromMilliseconds(500))),
            new RedisFenceStore(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments)));
    }
}
