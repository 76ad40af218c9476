using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using SafeLoop;
using StackExchange.Redis;

namespace ClusterSample;

/// <summary>One silo: the same program as the others. Which loops it runs is up to the cluster.</summary>
internal static class SiloProgram
{
    public const int Shards = 1024; // the default of AddRecurringTaskCluster

    public static async Task RunAsync(SiloSettings settings)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{settings.Redis}");
        var redis = (await ConnectionMultiplexer.ConnectAsync(server)).GetDatabase();

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Error); // a silo that was killed is no news here
        builder.UseOrleans(silo => silo
            .UseRedisClustering(server)
            .Configure<SiloOptions>(options => options.SiloName = settings.Name)
            .ConfigureEndpoints(IPAddress.Loopback, settings.Port, gatewayPort: 0));
        builder.Services.AddRecurringTaskCluster(CreateStore(redis));

        var period = TimeSpan.FromSeconds(settings.Period);
        // A database would have the shard of each device in a column with an index.
        var devices = Enumerable.Range(0, settings.Keys).ToLookup(key => KeyShard.FromKey(key, Shards));
        builder.Services.AddSingleton(new RunFile(settings.Runs, settings.Keys, settings.Start, period));
        builder.Services.AddRecurringTask<UpdateDevice, int>().Every(period).Spread().OnMissed(MissedSlots.RunAll)
            .InCluster().KeysFrom((shard, _, _) => devices[shard].ToAsyncEnumerable(), every: TimeSpan.FromMinutes(5));
        await builder.Build().RunAsync();
    }

    public static IShardStore CreateStore(IDatabase redis) =>
        new RedisShardStore(async (command, arguments) => (string?)await redis.ExecuteAsync(command, arguments), "sample");
}
