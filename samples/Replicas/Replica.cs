using System.Globalization;
using Medallion.Threading.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SafeLoop;

namespace Replicas;

/// <summary>One replica: the same program as the others. Who runs a slot is up to the lock.</summary>
internal static class Replica
{
    // Longer than the slots are apart, now and then: such a step is renewed, and can be killed in the middle.
    private static readonly TimeSpan LongWork = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(string name, string connectionString)
    {
        await using var locks = NpgsqlDataSource.Create(connectionString + ";Options=-c client_connection_check_interval=1000");
        await using var database = NpgsqlDataSource.Create(connectionString);
        var prices = new PriceStore(database);

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTaskLocks(new PostgresDistributedSynchronizationProvider(locks),
            new PostgresFenceStore(database));
        builder.Services.AddRecurringTask("updatePrices", async (iteration, token) =>
            {
                var kept = iteration.FencingToken % 5 == 0;
                Print(name, iteration, kept ? "begins a long step" : "begins");
                await Task.Delay(kept ? LongWork : TimeSpan.FromMilliseconds(200), TimeProvider.System, token);
                var accepted = await prices.SaveAsync(name, iteration.Slot, iteration.FencingToken, token);
                Print(name, iteration, accepted ? "saved" : "was refused: another replica has written with a greater fence");
            })
            .Cron("* * * * * *")
            .WithLock("prices", atMostFor: TimeSpan.FromSeconds(10))
            .RequireFencing();
        await builder.Build().RunAsync();
    }

    private static void Print(string name, Iteration iteration, string what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{iteration.Slot:HH:mm:ss}  fence {iteration.FencingToken}  {name} {what}"));
}
