using System.Globalization;
using System.Net;
using ClusterSample;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using SafeLoop.Scale.Measuring;
using StackExchange.Redis;

namespace SafeLoop.Cluster.Nodes;

/// <summary>One of the processes that are measured. It ends with SIGTERM, or when its standard input ends.</summary>
internal static class Node
{
    public static async Task RunAsync(NodeSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Error)
            .AddFilter("Orleans", LogLevel.None); // a silo that was killed is no news here
        builder.Services.AddSingleton(new RunFile(settings.Runs, settings.Keys, settings.Start, UpdateDevice.Period));
        if (settings.Kind == NodeKind.OneProcess)
            builder.Services.AddRecurringTask<UpdateDevice, int>().Every(UpdateDevice.Period).Spread().AsSingleton();
        else
            await AddSiloAsync(builder, settings);
        if (settings.Kind == NodeKind.Silo)
        {
            // No slot is skipped by policy, so one that has not run is lost.
            builder.Services.AddRecurringTask<UpdateDevice, int>().Every(UpdateDevice.Period).Spread().AsSingleton().InCluster()
                .OnMissed(MissedSlots.RunAll, max: 10)
                .KeysFrom((shard, services, _) => KeysOf(shard, services), every: TimeSpan.FromHours(1));
        }

        using var host = builder.Build();
        await host.StartAsync();
        _ = Task.Factory.StartNew(() => Obey(host.Services, settings), TaskCreationOptions.LongRunning);
        await host.WaitForShutdownAsync();
    }

    public static IShardStore CreateStore(IDatabase redis) =>
        new RedisShardStore(async (command, arguments) => (string?)await redis.ExecuteAsync(command, arguments), "benchmark");

    private static async Task AddSiloAsync(HostApplicationBuilder builder, NodeSettings settings)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{settings.Redis}");
        builder.UseOrleans(silo => silo
            .UseRedisClustering(server)
            .Configure<SiloOptions>(options => options.SiloName = settings.Name)
            .ConfigureEndpoints(IPAddress.Loopback, settings.Port, gatewayPort: 0));
        if (settings.Kind == NodeKind.Grains)
            return;
        builder.Services.AddSingleton(new ShardIndex(settings.Keys, settings.Shards));
        if (settings.Kind == NodeKind.IdleSilo)
            return;
        var redis = (await ConnectionMultiplexer.ConnectAsync(server)).GetDatabase();
        builder.Services.AddRecurringTaskCluster(CreateStore(redis), options => options.ShardCount = settings.Shards);
    }

    private static IAsyncEnumerable<int> KeysOf(KeyShard shard, IServiceProvider services) =>
        services.GetRequiredService<ShardIndex>().KeysOf(shard.Index).ToAsyncEnumerable();

    private static void Obey(IServiceProvider services, NodeSettings settings)
    {
        Console.WriteLine(NodeCommand.Done);
        while (Console.ReadLine() is { } line)
        {
            switch (line.Split(' '))
            {
                case [NodeCommand.Heap]:
                    Console.WriteLine(Heap.BytesAlive());
                    break;
                case [NodeCommand.AddKeys]:
                    AddKeysAsync(services, settings).GetAwaiter().GetResult();
                    Console.WriteLine(NodeCommand.Done);
                    break;
                case [NodeCommand.Burn, var seconds]:
                    Cores.Burn(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
                    Console.WriteLine(NodeCommand.Done);
                    break;
            }
        }
        Environment.Exit(0); // what has started us is gone
    }

    private static async Task AddKeysAsync(IServiceProvider services, NodeSettings settings)
    {
        if (settings.Kind == NodeKind.Grains)
        {
            var grains = services.GetRequiredService<IGrainFactory>();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, settings.Keys),
                async (key, _) => await grains.GetGrain<IDeviceGrain>(key).StartAsync());
            return;
        }
        var keys = services.GetRequiredService<IRecurringTaskKeys<UpdateDevice, int>>();
        for (var key = 0; key < settings.Keys; key++)
            keys.TryAdd(key);
    }
}
