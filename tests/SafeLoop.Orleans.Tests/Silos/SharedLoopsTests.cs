using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Silos;

/// <summary>Three silos share the loops of a keyed and of an ordinary task.</summary>
public sealed class SharedLoopsTests : IAsyncLifetime
{
    private const int Keys = 300, Shards = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly MemoryShardStore _store = new(TimeProvider.System);
    private readonly Visits _visits = new();
    private readonly SiloHosts _silos = new();

    public async Task InitializeAsync()
    {
        foreach (var name in (string[])["a", "b", "c"])
            await _silos.StartAsync(name, services => Register(services, name));
        await AllRunOnAsync("a", "b", "c");
    }

    public async Task DisposeAsync() => await _silos.DisposeAsync();

    [Fact]
    public async Task Each_loop_runs_on_one_of_them_and_all_agree_on_which()
    {
        await Poll.UntilAsync(
            () => _silos.Running.All(host => FindDisagreement(Cluster(host)) is null),
            () => string.Join(Environment.NewLine, _silos.Running.Select(host => FindDisagreement(Cluster(host)))));

        Assert.All(_silos.Running, static host =>
        {
            Assert.Equal(["a", "b", "c"], Cluster(host).Members.Select(static member => member.Name).Order());
            Assert.Single(Cluster(host).Members, static member => member.IsThisHost);
        });
        var shards = await Cluster(_silos.Running[1]).QueryShardsAsync();
        Assert.Equal(Shards + 1, shards.Count);
        Assert.All(shards, static shard => Assert.True(shard.IsOwned));
        Assert.Equal(
            Cluster(_silos.Running[0]).OwnerOf("named")!.Name, shards.Single(static shard => shard.TaskName == "named").Owner);
        Assert.Equal(Shards, (await Cluster(_silos.Running[2]).QueryShardsAsync("VISITKEY")).Count);

        var (doubled, lost) = _visits.Judge(Period);
        Assert.Empty(doubled);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task One_that_stops_hands_its_loops_over_and_no_slot_is_lost_or_doubled()
    {
        await _silos.Running[1].StopAsync();
        await AllRunOnAsync("a", "c");

        var (doubled, lost) = _visits.Judge(Period);
        Assert.Empty(doubled);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task One_that_is_killed_is_replaced_and_no_slot_is_lost()
    {
        var killed = _silos.Running[2];
        var tokens = _visits.Last().ToDictionary(static loop => loop.Key, static loop => loop.Value.Token);
        await _silos.KillAsync(killed);
        await AllRunOnAsync("a", "b");

        var (_, lost) = _visits.Judge(Period);
        Assert.Empty(lost);
        Assert.All(_visits.Last().Values, visit => Assert.True(visit.Token >= tokens[visit.Loop]));
    }

    [Fact]
    public async Task One_that_is_disposed_without_being_stopped_is_replaced_when_its_lease_has_ended()
    {
        await _silos.DisposeAsync(_silos.Running[2]);
        await AllRunOnAsync("a", "b");

        var (_, lost) = _visits.Judge(Period);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task One_that_drains_runs_nothing_until_it_rejoins()
    {
        var cluster = Cluster(_silos.Running[0]);
        await cluster.DrainAsync();
        await AllRunOnAsync("b", "c");
        Assert.True(cluster.Members.Single(static member => member.IsThisHost).IsLeaving);

        await cluster.RejoinAsync();
        await AllRunOnAsync("a", "b", "c");

        var (doubled, lost) = _visits.Judge(Period);
        Assert.Empty(doubled);
        Assert.Empty(lost);
    }

    // While shards still move to the silo that was added last, the plan is ahead of what runs.
    private string? FindDisagreement(IRecurringTaskCluster cluster) => _visits.Last()
        .Select(loop => (
            Loop: loop.Key,
            loop.Value.Silo,
            Owner: (loop.Key == "named" ? cluster.OwnerOf("NAMED") : cluster.OwnerOf("visitKey", loop.Key))?.Name))
        .Where(static loop => loop.Silo != loop.Owner)
        .Select(static loop => $"{loop.Loop} has run on {loop.Silo}, and {loop.Owner} should run it.").FirstOrDefault();

    private static IRecurringTaskCluster Cluster(IHost host) => host.Services.GetRequiredService<IRecurringTaskCluster>();

    private void Register(IServiceCollection services, string name)
    {
        services.AddSingleton(_visits).AddSingleton(new SiloName(name));
        services.AddSingleton<IRecurringTaskObserver, VisitObserver>();
        services.AddRecurringTaskCluster(_store, options =>
        {
            options.ShardCount = Shards;
            options.LeaseLength = TimeSpan.FromSeconds(3);
            options.Settle = TimeSpan.FromMilliseconds(200);
        });
        services.AddRecurringTask<VisitKey, int>().Every(Period).OnMissed(MissedSlots.RunAll).InCluster()
            .KeysFrom((_, _) => Enumerable.Range(0, Keys).ToAsyncEnumerable(), TimeSpan.FromMinutes(5));
        services.AddRecurringTask("named", (iteration, _) =>
        {
            _visits.Add(new(name, "named", iteration.Slot, iteration.IsManual, iteration.FencingToken));
            return ValueTask.CompletedTask;
        }).Every(Period).OnMissed(MissedSlots.RunAll).InCluster();
    }

    // Each loop has run there, and each silo has run a loop, in the slots that came after this call.
    private async Task AllRunOnAsync(params string[] names)
    {
        var since = TimeProvider.System.GetUtcNow();
        await Poll.UntilAsync(
            () => Current().Count == Keys + 1 && Current().Values.Select(static visit => visit.Silo).Distinct().Order()
                .SequenceEqual(names),
            () => string.Join(", ", Current().Values.CountBy(static visit => visit.Silo)) + Environment.NewLine + _silos.Logs);

        Dictionary<string, Visit> Current() =>
            _visits.Last().Where(loop => loop.Value.Slot > since).ToDictionary();
    }
}
