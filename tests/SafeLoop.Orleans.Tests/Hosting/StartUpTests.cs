using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace SafeLoop.Tests.Hosting;

/// <summary>What is wrong with the registration of a cluster is said at start, in sentences.</summary>
public class StartUpTests
{
    private static readonly MemoryShardStore Store = new(TimeProvider.System);

    [Fact]
    public async Task Without_a_silo_the_call_that_is_missing_is_named()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTaskCluster(Store);
        Poll(builder.Services);

        Assert.Equal(
            ["AddRecurringTaskCluster needs an Orleans silo in this process. Call builder.UseOrleans(…), or remove "
                + "AddRecurringTaskCluster."],
            await ProblemsAsync(builder));
    }

    [Fact]
    public async Task A_client_is_no_silo()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleansClient(static client => client.UseLocalhostClustering());
        builder.Services.AddRecurringTaskCluster(Store);
        Poll(builder.Services);

        Assert.Equal(
            ["AddRecurringTaskCluster needs an Orleans silo in this process, and there is only a client. Replace "
                + "UseOrleansClient(…) by UseOrleans(…), or remove AddRecurringTaskCluster."],
            await ProblemsAsync(builder));
    }

    [Fact]
    public async Task All_invalid_options_are_reported_at_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRecurringTaskCluster(Store, static options =>
        {
            options.ShardCount = 0;
            options.LeaseLength = TimeSpan.FromMilliseconds(999);
            options.Settle = TimeSpan.FromSeconds(-1);
            options.DrainFor = TimeSpan.FromDays(1);
            options.OpeningBudget = 0;
        });
        builder.Services.AddRecurringTaskCluster(Store, static options => // a second call changes them further
        {
            options.QuarantineAfter = 0;
            options.QuarantineFor = TimeSpan.Zero;
        });
        builder.Services.AddRecurringTask("broken", static _ => ValueTask.CompletedTask).InCluster();

        var problems = await ProblemsAsync(builder);

        Assert.Equal(
            [
                "AddRecurringTaskCluster: ShardCount is 0. Set it to 1 to 65536.",
                "AddRecurringTaskCluster: LeaseLength is 00:00:00.9990000. Set it to 00:00:01 to 00:10:00.",
                "AddRecurringTaskCluster: Settle is -00:00:01. Set it to 00:00:00 to 00:10:00.",
                "AddRecurringTaskCluster: DrainFor is 1.00:00:00. Set it to 00:00:00 to 00:10:00.",
                "AddRecurringTaskCluster: OpeningBudget is 0. Set it to at least 1.",
                "AddRecurringTaskCluster: QuarantineAfter is 0. Set it to at least 1.",
                "AddRecurringTaskCluster: QuarantineFor is 00:00:00. Set it to a positive time.",
            ],
            problems.Where(static problem => problem.StartsWith("AddRecurringTaskCluster:", StringComparison.Ordinal)));
        Assert.Contains(problems, static problem => problem.Contains("'broken'", StringComparison.Ordinal));
        Assert.Contains(problems, static problem => problem.Contains("UseOrleans", StringComparison.Ordinal));
    }

    [Fact]
    public void Mistakes_of_the_calls_are_thrown_by_them()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentNullException>(() => services.AddRecurringTaskCluster((IShardStore)null!));
        Assert.Throws<ArgumentNullException>(() => services.AddRecurringTaskCluster((Func<IServiceProvider, IShardStore>)null!));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddRecurringTaskCluster(Store));
        Assert.Throws<ArgumentNullException>(() => ((IRecurringTaskBuilder)null!).InCluster());
    }

    [Fact]
    public void A_second_call_replaces_the_store_and_adds_nothing_else()
    {
        var services = new ServiceCollection();
        services.AddRecurringTaskCluster(Store);
        var count = services.Count;
        var other = new MemoryShardStore(TimeProvider.System);

        services.AddRecurringTaskCluster(_ => other);

        Assert.Equal(count + 1, services.Count); // the change of the options
        Assert.Same(other, services.BuildServiceProvider().GetRequiredService<IShardStore>());
    }

    [Fact]
    public void The_verb_keeps_the_type_of_the_builder()
    {
        var services = new ServiceCollection();

        IRecurringTaskBuilder<int> keyed = services.AddRecurringTask<Shards.Tick, int>().InCluster();

        Assert.Equal("tick", keyed.Name);
    }

    private static void Poll(IServiceCollection services) =>
        services.AddRecurringTask("poll", static _ => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1)).InCluster();

    private static async Task<IReadOnlyList<string>> ProblemsAsync(HostApplicationBuilder builder)
    {
        using var host = builder.Build();
        return (await Assert.ThrowsAsync<InvalidRecurringTaskException>(() => host.StartAsync())).Problems;
    }
}
