using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace SafeLoop.Tests.Silos;

/// <summary>Silos that are not all alike.</summary>
public sealed class MixedClusterTests : IAsyncLifetime
{
    private readonly MemoryShardStore _store = new(TimeProvider.System);
    private readonly SiloHosts _silos = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _silos.DisposeAsync();

    [Fact]
    public async Task A_silo_without_SafeLoop_is_left_alone()
    {
        var plain = await _silos.StartAsync("plain", static _ => { });
        var host = await _silos.StartAsync("a", services => Register(services, "poll"));
        await _silos.SettleAsync(host);

        Assert.Equal("a", Assert.Single(Cluster(host).Members).Name);
        Assert.Equal(IterationOutcome.Succeeded, (await Cluster(host).RunNowAsync("poll")).Outcome);
        Assert.Equal(2, plain.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Count);

        await plain.StopAsync();

        Assert.Equal(IterationOutcome.Succeeded, (await Cluster(host).RunNowAsync("poll")).Outcome);
    }

    [Fact]
    public async Task A_silo_owns_only_what_it_registers_and_operates_all()
    {
        var one = await _silos.StartAsync("a", services => Register(services, "one"));
        var two = await _silos.StartAsync("b", services => Register(services, "two"));
        await _silos.SettleAsync(one, two);

        Assert.Equal("a", Cluster(two).OwnerOf("one")!.Name);
        Assert.Equal("b", Cluster(one).OwnerOf("Two")!.Name);
        Assert.Equal(IterationOutcome.Succeeded, (await Cluster(two).RunNowAsync("ONE")).Outcome);
        Assert.Equal("two", (await Cluster(one).SnapshotAsync("two")).Name);
        Assert.Equal(["one"], Cluster(two).Members.Single(static member => member.Name == "a").Tasks);

        await two.StopAsync();
        await Poll.UntilAsync(() => Cluster(one).Members.Count == 1, () => "It is still a member.");

        await Assert.ThrowsAsync<KeyNotFoundException>(() => Cluster(one).RunNowAsync("two"));
    }

    [Fact]
    public async Task The_silo_may_be_added_after_the_cluster()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        Register(builder.Services, "poll");
        _silos.AddSilo(builder, "a");
        var host = await _silos.StartAsync(builder);
        await _silos.SettleAsync(host);

        Assert.Equal(IterationOutcome.Succeeded, (await Cluster(host).RunNowAsync("poll")).Outcome);
    }

    [Fact]
    public async Task A_host_without_a_name_of_its_silo_is_named_after_its_endpoint()
    {
        var host = await _silos.StartAsync(null, services => Register(services, "poll"));
        var silo = host.Services.GetRequiredService<ILocalSiloDetails>();

        await _silos.SettleAsync(host);

        var member = Assert.Single(Cluster(host).Members);
        Assert.Equal($"{silo.DnsHostName}:{silo.SiloAddress.Endpoint.Port}", member.Name);
        Assert.Equal(silo.SiloAddress.ToParsableString(), member.Address);
    }

    [Fact]
    public async Task A_host_that_stops_its_services_at_the_same_time_hands_over_first()
    {
        var (one, two) = (await _silos.StartAsync("a", Concurrent), await _silos.StartAsync("b", Concurrent));
        await _silos.SettleAsync(one, two);
        var (owner, other) = Cluster(one).OwnerOf("poll")!.Name == "a" ? (one, two) : (two, one);

        await owner.StopAsync();
        await _silos.SettleAsync(other);

        var shard = Assert.Single(await Cluster(other).QueryShardsAsync("poll"));
        Assert.False(shard.WasLost);
        Assert.NotNull(shard.Previous);

        void Concurrent(IServiceCollection services)
        {
            services.Configure<HostOptions>(options => options.ServicesStopConcurrently = true);
            Register(services, "poll");
        }
    }

    [Fact]
    public async Task A_host_that_divides_keys_otherwise_does_not_start()
    {
        await _silos.StartAsync("a", services => Register(services, "poll"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _silos.StartAsync("b", services => Register(services, "poll", shards: 8)));

        Assert.Contains("16", error.Message, StringComparison.Ordinal);
        Assert.Contains("8", error.Message, StringComparison.Ordinal);
    }

    private static IRecurringTaskCluster Cluster(IHost host) => host.Services.GetRequiredService<IRecurringTaskCluster>();

    private void Register(IServiceCollection services, string task, int shards = 16)
    {
        services.AddRecurringTaskCluster(_store, options =>
        {
            options.ShardCount = shards;
            options.LeaseLength = TimeSpan.FromSeconds(3);
            options.Settle = TimeSpan.FromMilliseconds(200);
        });
        services.AddRecurringTask(task, static (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromHours(1)).Spread()
            .InCluster();
    }
}
