using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Shards;

/// <summary>The option InCluster without what moves loops: what it does to schedules, and what is refused.</summary>
public class InClusterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Without_a_cluster_the_host_does_not_start()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(() => LoopHost.Run(services => Poll(services).InCluster()));

        Assert.Equal(
            "Recurring task 'poll': InCluster needs a cluster, which decides which host runs its loops. Call "
                + "services.AddRecurringTaskCluster(…) of the package SafeLoop.Orleans, or remove InCluster.",
            Assert.Single(error.Problems));
    }

    [Fact]
    public void The_cluster_may_need_the_tasks()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<IRecurringTaskCluster>(provider =>
            {
                _ = provider.GetRequiredService<IRecurringTasks>();
                throw new InvalidOperationException("The start-up check must not build the cluster.");
            });
            Poll(services).InCluster();
        });

        Assert.True(host["poll"].Options.InCluster);
    }

    [Fact]
    public void A_task_cannot_claim_slots_in_a_store_and_be_in_a_cluster()
    {
        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => LoopHost.Run(services => Poll(services).InCluster().SurviveRestarts(Minute)));

        Assert.Contains(
            "Recurring task 'poll': SurviveRestarts (00:01:00) claims each slot in the store, and InCluster needs no claims: "
                + "each loop runs on one host and goes on elsewhere when that host is gone. Remove one of them.",
            error.Problems);
    }

    [Fact]
    public void It_cannot_be_changed_while_hosts_are_running()
    {
        using var host = LoopHost.Run(services => Poll(services));
        const string Sentence = "Recurring task 'poll': InCluster cannot be changed while hosts are running: a loop could run on "
            + "two hosts, because hosts read the change one after the other. Change it in code or configuration, and start "
            + "the hosts again.";

        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => { _ = host["poll"].ChangeAsync(options => options.InCluster = true); });
        Assert.Equal([Sentence], error.Problems);

        host.Configuration["RecurringTasks:poll:InCluster"] = "true";
        host.Configuration.Reload();
        Assert.Equal(Sentence, Assert.Single(host.Observer.Of(LoopEventKind.ChangeRejected)).Text);
        Assert.False(host["poll"].Options.InCluster);
    }

    [Fact]
    public void The_keys_cannot_be_put_into_a_cluster_by_a_reload_either()
    {
        using var host = new VisitHost(task => task.Every(Minute));

        host.Set("InCluster", "true");

        Assert.Single(host.Host.Observer.Of(LoopEventKind.ChangeRejected));
    }

    [Theory]
    [InlineData(false, 0, 10)]
    [InlineData(true, 0.25, 2.5)]
    [InlineData(true, 0.75, 7.5)]
    public void Slots_of_a_common_grid_have_the_phase_of_their_loop(bool isSpread, double phase, double first)
    {
        var options = new RecurringTaskOptions { Every = TimeSpan.FromSeconds(10), Spread = isSpread, InCluster = true };
        var rules = new SlotRules(options, new CommonGrid(options.Every.Value));
        Instant now = LoopHost.Start + TimeSpan.FromTicks(1);

        var state = new LoopState { From = rules.PlannedFrom(now, null, phase) };
        Assert.Equal(LoopHost.Start + TimeSpan.FromSeconds(first), rules.CallSchedule(state, now).ToDateTimeOffset());

        // Whatever has run last, and whenever the schedule began.
        state.Slot = LoopHost.Start + TimeSpan.FromSeconds(23.456);
        Assert.Equal(
            LoopHost.Start + TimeSpan.FromSeconds(first > 3.456 ? first % 10 + 20 + (isSpread ? 0 : 10) : first + 30),
            rules.CallSchedule(state, now).ToDateTimeOffset());
        Assert.Equal(
            rules.PlannedFrom(now, null, phase),
            rules.PlannedAfter(now, phase));
    }

    private static IRecurringTaskBuilder Poll(IServiceCollection services) =>
        services.AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(Minute);
}
