using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Ownership;

public class CoordinatorTests
{
    private const double Lease = 4, Third = Lease / 3;

    [Fact]
    public void The_first_host_waits_until_the_members_have_settled_and_then_takes_all()
    {
        using var cluster = CreateSpread();
        var a = cluster.Start("a");
        cluster.Advance(1.9);
        Assert.Empty(a.Open);

        cluster.Advance(0.2);
        Assert.Equal(16, a.Open.Length);
        Assert.Equal(cluster.Keys, a.Keys);
    }

    [Fact]
    public void Two_hosts_that_start_together_share_the_shards()
    {
        using var cluster = CreateSpread();
        var (a, _) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(5);

        Assert.Equal(16, cluster.OpenShards().Distinct().Count());
        Assert.Equal(16, cluster.OpenShards().Count());
        Assert.InRange(a.Open.Length, 7, 9);
    }

    [Fact]
    public void Two_hosts_with_the_same_name_share_the_shards()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("a"));
        cluster.Advance(5);

        Assert.InRange(a.Open.Length, 7, 9);
        Assert.Equal(16, a.Open.Length + b.Open.Length);
    }

    [Fact]
    public void A_host_that_joins_gets_its_share_after_the_members_have_settled()
    {
        using var cluster = CreateSpread();
        cluster.Start("a");
        cluster.Advance(12);
        var b = cluster.Start("b");
        cluster.Advance(1.9);
        Assert.Empty(b.Open);

        cluster.Advance(Third + 0.2); // the other host hears of it with its next renewal
        Assert.InRange(b.Open.Length, 7, 9);
        cluster.Advance(12);
        new Judge(cluster.Journal.Runs).AssertPerfect();
    }

    [Fact]
    public void A_quiet_cluster_calls_the_store_three_times_per_lease_and_host_however_much_it_runs()
    {
        using var cluster = new TestCluster(static task => task.Every(TimeSpan.FromSeconds(0.5)));
        cluster.Start("a");
        cluster.Start("b");
        cluster.Advance(12);
        var (calls, runs) = (cluster.Store.Calls.Count, cluster.Journal.Runs.Count);
        cluster.Advance(10 * Lease);

        Assert.Equal(10 * Lease * 2 * TestCluster.KeyCount, cluster.Journal.Runs.Count - runs);
        var quiet = cluster.Store.Calls.Skip(calls).ToArray();
        Assert.All(quiet, static call => Assert.StartsWith("RenewAsync", call, StringComparison.Ordinal));
        Assert.InRange(quiet.Length, 50, 3 * 10 * 2);
    }

    [Fact]
    public void A_host_that_stops_gives_all_shards_away_and_they_are_taken_at_once()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12.3);
        cluster.AdvanceUntil(b.StopAsync(), 1);
        cluster.Advance(0.3);

        Assert.Equal(16, a.Open.Length);
        cluster.Advance(12);
        new Judge(cluster.Journal.Runs).AssertPerfect();
    }

    [Fact]
    public void The_state_of_the_loops_outlives_the_last_host()
    {
        using var cluster = CreateSpread();
        var a = cluster.Start("a");
        cluster.Advance(12.3);
        cluster.AdvanceUntil(a.StopAsync(), 1);
        cluster.Advance(60);
        cluster.Start("b");
        cluster.Advance(12);

        new Judge(cluster.Journal.Runs).AssertPerfect();
        Assert.All(
            cluster.Journal.Runs.GroupBy(run => run.Key),
            key => Assert.Equal(Enumerable.Range(1, key.Count()).Select(number => (long)number), key.Select(run => run.Number)));
    }

    [Fact]
    public void A_host_is_drained_until_it_joins_in_again()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12.3);
        cluster.AdvanceUntil(b.Coordinator.DrainAsync(default), 1);
        cluster.Advance(12);
        Assert.Empty(b.Open);
        Assert.Equal(16, a.Open.Length);
        Assert.True(a.Coordinator.Plan.Members.Single(member => member.Name == "b").IsLeaving);

        b.Coordinator.Rejoin();
        cluster.Advance(3 * Third);
        Assert.InRange(b.Open.Length, 7, 9);
        cluster.Advance(12);
        new Judge(cluster.Journal.Runs).AssertPerfect();
    }

    [Fact]
    public void A_slow_close_does_not_delay_a_renewal()
    {
        using var cluster = CreateSpread();
        cluster.Options.DrainFor = TimeSpan.FromSeconds(30);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (host, key, _, token) => host != "b" || key % 2 == 0 ? default
            : new(Task.Delay(TimeSpan.FromSeconds(20), b.Loops.Clock, token));
        cluster.Advance(12);
        var stopped = b.StopAsync();
        cluster.Advance(10);
        Assert.False(stopped.IsCompleted);
        Assert.Empty(b.Logged("ClusterLeaseLost"));

        cluster.AdvanceUntil(stopped, 20);
        cluster.Advance(2);
        Assert.Equal(16, a.Open.Length);
        Assert.Empty(new Judge(cluster.Journal.Runs).Doubled);
    }

    [Fact]
    public void Shards_are_taken_in_batches_of_the_budget()
    {
        using var cluster = CreateSpread();
        cluster.Options.OpeningBudget = 3;
        cluster.Start("a");
        cluster.Advance(2.1);

        Assert.Equal(6, cluster.Store.Calls.Count(static call => call == "TakeAsync 1"));
        Assert.Equal(16, cluster.OpenShards().Count());
    }

    [Fact]
    public void The_directory_knows_the_members_and_the_owner_of_each_shard()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(5);

        var directory = new ClusterDirectory(a.Coordinator, a.Shards, a.Membership);
        Assert.Equal(["a", "b"], directory.Members.Select(member => member.Name));
        Assert.Equal(["tick"], directory.TaskNames);
        Assert.True(directory.FindTask("tick")!.IsKeyed);
        Assert.Equal(b.Open, Enumerable.Range(0, 16)
            .Where(index => directory.FindOwner(new("tick", index))!.Address == b.Membership.Address)
            .Select(index => $"tick {index}").Order());
        Assert.Equal("b", directory.FindMember(2)?.Name);
        Assert.Null(directory.FindMember(99));
    }

    private static TestCluster CreateSpread() =>
        new(static task => task.Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll).Spread());
}
