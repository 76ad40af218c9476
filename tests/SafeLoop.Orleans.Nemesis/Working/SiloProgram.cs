using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using SafeLoop;

namespace ClusterNemesis.Working;

/// <summary>
/// A silo: all tasks, on the real runtime, a real cluster and a real store, until it is asked to stop or is killed.
/// </summary>
internal static class SiloProgram
{
    /// <param name="args">
    /// Store, its port, the port of Redis with the members, the judge's port, the silo's name and life, its advertised port, the
    /// port it listens on, its clock's shift in milliseconds, what is broken.
    /// </param>
    public static async Task RunAsync(string[] args)
    {
        ThreadPool.SetMinThreads(16, 16);
        var broken = Enum.Parse<Broken>(args[8]);
        var shift = TimeSpan.FromMilliseconds(double.Parse(args[7], CultureInfo.InvariantCulture));
        var time = broken is Broken.Lease ? new BlindTime(shift) : new ShiftedTime(shift);
        using var judge = new JudgeClient(Number(args[3]), args[4], time);

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(2));
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<IRecurringTaskObserver>(new ShardObserver(judge));
        builder.UseOrleans(silo =>
            Configure(silo, args[4].Split('.')[0], Number(args[2]), Number(args[5]), Number(args[6]), broken));

        var store = Store.Create(args[0], Number(args[1]));
        builder.Services.AddRecurringTaskCluster(
            broken is Broken.Nothing ? store : new CarelessStore(store, broken),
            cluster =>
            {
                cluster.ShardCount = Plan.Shards;
                cluster.LeaseLength = Plan.Lease;
                cluster.DrainFor = TimeSpan.FromSeconds(5);
                cluster.QuarantineAfter = int.MaxValue; // here it is the silo that is killed, not a shard that kills it
            });
        AddTasks(builder.Services, judge, time);
        var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted
            .Register(() => judge.Report($"started {args[4]}"));
        await host.RunAsync();
    }

    private static void Configure(ISiloBuilder silo, string name, int redis, int advertised, int listening, Broken broken)
    {
        silo.UseRedisClustering(string.Create(
            CultureInfo.InvariantCulture, $"127.0.0.1:{redis},abortConnect=false,connectTimeout=1000"));
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("nemesis", "nemesis"));
        silo.Configure<SiloOptions>(options => options.SiloName = name);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            (endpoint.SiloPort, endpoint.GatewayPort) = (advertised, 0);
            endpoint.SiloListeningEndpoint = new(IPAddress.Loopback, listening);
        });
        silo.Configure<ClusterMembershipOptions>(members =>
        {
            // A silo that Orleans has declared dead stops its loops, so a broken lease is seen only where Orleans is slow.
            members.ProbeTimeout = TimeSpan.FromSeconds(broken is Broken.Lease ? 20 : 1);
            members.EnableIndirectProbes = true;
        });
    }

    private static void AddTasks(IServiceCollection services, JudgeClient judge, ShiftedTime time)
    {
        services.AddSingleton(judge).AddSingleton(time);
        services.AddRecurringTask<Device, int>("device").Every(Plan.Period).Spread()
            .OnMissed(MissedSlots.RunAll, max: 10_000).OnOverlap(Overlap.BufferAll, max: 10_000)
            .InCluster()
            .KeysFrom(static (shard, _, _) => KeysOf(shard), every: TimeSpan.FromSeconds(5));
        for (var number = 0; number < Plan.Crons; number++)
        {
            var name = Plan.CronTask(number);
            services.AddRecurringTask(name, async (iteration, _) =>
                    await judge.WriteAsync(name, iteration.Slot, iteration.FencingToken))
                .Cron(string.Create(CultureInfo.InvariantCulture, $"{number % 2}/2 * * * * *"))
                .OnMissed(MissedSlots.RunAll, max: 10_000).OnOverlap(Overlap.BufferAll, max: 10_000)
                .InCluster();
        }
    }

    private static async IAsyncEnumerable<int> KeysOf(KeyShard shard)
    {
        await Task.Yield(); // as a database does
        for (var key = 0; key < Plan.Keys; key++)
        {
            if (shard.Contains(key))
                yield return key;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
