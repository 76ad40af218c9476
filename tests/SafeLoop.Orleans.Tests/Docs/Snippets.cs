using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;

namespace SafeLoop.Tests.Docs;

/// <summary>The code of docs/cluster.md.</summary>
internal static class Snippets
{
    public static void Register(HostApplicationBuilder builder, string redis, NpgsqlDataSource dataSource)
    {
        // snippet: cluster
        builder.UseOrleans(silo => silo.UseRedisClustering(redis));
        builder.Services.AddRecurringTaskCluster(new PostgresShardStore(dataSource, "shop"));
        builder.Services.AddHealthChecks().AddRecurringTasks().AddRecurringTaskCluster();

        builder.Services.AddRecurringTask<UpdateDevice, int>().Every(TimeSpan.FromSeconds(10)).Spread().InCluster()
            .KeysFrom((shard, services, token) => services.GetRequiredService<Devices>().OfShardAsync(shard, token),
                every: TimeSpan.FromMinutes(5));
        builder.Services.AddRecurringTask<Nightly>().Cron("0 3 * * *").InCluster();
        // end
    }

    public static void Name(ISiloBuilder silo)
    {
        // snippet: name
        silo.Configure<SiloOptions>(options => options.SiloName = Environment.MachineName);
        // end
    }

    public static void Set(IServiceCollection services, IShardStore store)
    {
        // snippet: options
        services.AddRecurringTaskCluster(store, options => options.LeaseLength = TimeSpan.FromSeconds(10));
        // end
    }

    public static int ShardOf(int id)
    {
        // snippet: shard
        var shard = KeyShard.FromKey(id, 1024).Index; // the type of the keys, and ShardCount
        // end
        return shard;
    }

    public static async Task OperateAsync(IRecurringTaskCluster cluster)
    {
#pragma warning disable RS0030 // a reader of the page has no TimeProvider at hand
        // snippet: operate
        ClusterMember? owner = cluster.OwnerOf("updateDevice", 42);
        await cluster.PauseAsync("updateDevice", 42, reason: "broken", by: "kim");
        IterationRecord run = await cluster.RunNowAsync("updateDevice", 42);
        SlotExplanation why = await cluster.ExplainAsync("updateDevice", DateTimeOffset.UtcNow, 42);
        RecurringTaskSnapshot nightly = await cluster.SnapshotAsync("nightly");
        // end
#pragma warning restore RS0030
        _ = (owner, run, why, nightly);
    }

    private sealed class UpdateDevice : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class Nightly : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class Devices(NpgsqlDataSource database)
    {
        // snippet: source
        public async IAsyncEnumerable<int> OfShardAsync(KeyShard shard, [EnumeratorCancellation] CancellationToken token)
        {
            await using var command = database.CreateCommand("SELECT id FROM devices WHERE shard = $1"); // has an index
            command.Parameters.Add(new() { Value = shard.Index });
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
                yield return reader.GetInt32(0);
        }
        // end
    }
}
