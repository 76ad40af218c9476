using Medallion.Threading.Postgres;
using Medallion.Threading.Redis;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace SafeLoop.Locks.Tests.Docs;

/// <summary>The code of docs/locks.md.</summary>
internal static class Snippets
{
    public static void Postgres(IServiceCollection services, string connectionString)
    {
        // snippet: postgres
        var locks = NpgsqlDataSource.Create(connectionString + ";Options=-c client_connection_check_interval=1000");
        var fences = NpgsqlDataSource.Create(connectionString); // connections of their own: those of the locks may all be held
        services.AddRecurringTaskLocks(new PostgresDistributedSynchronizationProvider(locks), new PostgresFenceStore(fences));
        // end
    }

    public static void Redis(IServiceCollection services, IDatabase database)
    {
        // snippet: redis
        services.AddRecurringTaskLocks(
            new RedisDistributedSynchronizationProvider(
                database, redis => redis.ExtensionCadence(TimeSpan.FromMilliseconds(500))),
            new RedisFenceStore(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments)));
        // end
    }

    public static void Task(IServiceCollection services, PriceStore prices)
    {
        // snippet: task
        services.AddRecurringTask("updatePrices", (iteration, ct) => prices.SaveAsync(iteration.Slot, iteration.FencingToken, ct))
            .Cron("*/5 * * * *")
            .WithLock("prices", atMostFor: TimeSpan.FromSeconds(20))
            .RequireFencing();
        // end
    }

    internal sealed class PriceStore
    {
        public ValueTask SaveAsync(DateTimeOffset slot, long fence, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }
}
