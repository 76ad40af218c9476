using System.Net;
using LocalServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;

namespace SafeLoop.Tests.Silos;

/// <summary>Silos of one cluster in this process, in real time.</summary>
internal sealed class SiloHosts : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly MemoryMembershipTable _table = new();
    private readonly List<IHost> _hosts = [];

    public RecordingLoggerProvider Logs { get; } = new();

    /// <summary>The hosts, in the order in which they were started.</summary>
    public IReadOnlyList<IHost> Running => _hosts;

    /// <summary>Starts a silo.</summary>
    /// <param name="name">Its name; null: Orleans selects one.</param>
    /// <param name="configure">Registers the tasks and the cluster.</param>
    public Task<IHost> StartAsync(string? name, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        AddSilo(builder, name);
        configure(builder.Services);
        return StartAsync(builder);
    }

    /// <summary>Starts a host to which the test has added a silo.</summary>
    public async Task<IHost> StartAsync(HostApplicationBuilder builder)
    {
        builder.Logging.AddProvider(Logs);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync().WaitAsync(StopLimit);
        return host;
    }

    /// <summary>Adds a silo to a host that the test builds itself.</summary>
    public void AddSilo(HostApplicationBuilder builder, string? name = null) => builder.UseOrleans(silo =>
    {
        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = ("tests", "one"));
        silo.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) =
                (IPAddress.Loopback, LocalServer.FreePort(), 0));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedProbesLimit = 2;
        });
        if (name is not null)
            silo.Configure<SiloOptions>(options => options.SiloName = name);
        silo.Services.AddSingleton<IMembershipTable>(_table);
    });

    /// <summary>Waits until these silos own all shards, each those that its plan gives it.</summary>
    public Task SettleAsync(params IHost[] hosts) => Poll.UntilAsync(async () =>
    {
        foreach (var host in hosts)
        {
            var directory = host.Services.GetRequiredService<IShardDirectory>();
            var shards = await host.Services.GetRequiredService<IRecurringTaskCluster>().QueryShardsAsync();
            if (directory.Members.Count(static member => !member.IsLeaving) != hosts.Length)
                return $"There are {directory.Members.Count} members.";
            if (shards.Count < host.Services.GetRequiredService<IRecurringTaskShards>().Tasks
                .Sum(task => task.IsKeyed ? directory.ShardCount : 1))
                return $"Only {shards.Count} shards were ever owned.";
            foreach (var shard in shards)
            {
                if (directory.FindOwner(new(shard.TaskName, shard.Index))?.Name is var owner && owner != shard.Owner)
                    return $"{shard} should be owned by {owner}.";
                if (!shard.IsOwned)
                    return $"{shard} is not owned.";
            }
        }
        return null;
    });

    /// <summary>Stops a host as a supervisor that does not wait: nothing is handed over.</summary>
    public async Task KillAsync(IHost host)
    {
        _hosts.Remove(host);
        Task stopped = host.StopAsync(new CancellationToken(canceled: true));
        await stopped.WaitAsync(StopLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    /// <summary>Disposes a host that runs, as a test does that has failed.</summary>
    public async Task DisposeAsync(IHost host)
    {
        _hosts.Remove(host);
        await Task.Run(host.Dispose).WaitAsync(StopLimit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            Task stopped = host.StopAsync();
            await stopped.WaitAsync(StopLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }
}
