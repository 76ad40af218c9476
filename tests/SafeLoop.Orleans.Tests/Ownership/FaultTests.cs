using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>What a cluster does when the store or the members misbehave.</summary>
public class FaultTests
{
    private const double Lease = 4, Third = Lease / 3;

    [Fact]
    public void A_host_that_is_declared_dead_stops_its_loops_at_once_although_it_lives()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12.3);
        var before = cluster.Journal.Runs.Count(run => run.Host == "b");
        b.Membership.Set(new(new HashSet<string>(), IsDead: true));
        cluster.Advance(0);
        cluster.Remove(b.Membership.Address);
        Assert.Empty(b.Open);

        cluster.Advance(20);
        Assert.Equal(before, cluster.Journal.Runs.Count(run => run.Host == "b"));
        Assert.Equal(16, a.Open.Length);
        new Judge(cluster.Journal.Runs).AssertRecovered(12.3, Third);
        Assert.Contains("declared this host dead", b.Coordinator.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_with_another_number_of_shards_is_refused()
    {
        using var cluster = CreateSpread();
        cluster.Start("a");

        var error = Assert.Throws<InvalidOperationException>(
            () => cluster.Start("b", change: static options => options.ShardCount = 32));
        Assert.Equal(
            "This host divides the keys of each task into 32 shards, but the shards in the store are 16. Set ShardCount to 16, "
            + "or use an empty store when no host is running.",
            error.Message);
    }

    [Fact]
    public void A_host_of_another_cluster_is_refused()
    {
        using var cluster = CreateSpread();
        cluster.Start("a");

        var error = Assert.Throws<InvalidOperationException>(
            () => cluster.Start("b", prepare: static host => host.Membership.Cluster = "other"));
        Assert.Equal(
            "This host belongs to the cluster 'other', but the shard store is in use by the cluster 'test'. Give each cluster a "
            + "store of its own, or a prefix or schema of its own in the store.",
            error.Message);
    }

    [Fact]
    public void A_host_starts_although_the_store_is_down_and_joins_when_it_works()
    {
        using var cluster = CreateSpread();
        cluster.Store.Fault = static (_, _) => StoreFault.Throws;
        var a = cluster.Start("a");
        cluster.Advance(10);
        Assert.Empty(a.Open);
        Assert.Equal("StoreIsDownException: The store is down, on purpose.", a.Coordinator.Problem);
        Assert.Single(a.Logged("ClusterFailed"));

        cluster.Store.Fault = static (_, _) => StoreFault.None;
        cluster.AdvanceUntilAllOwned(3);
        Assert.Null(a.Coordinator.Problem);
        Assert.Single(a.Logged("ClusterRecovered"));
    }

    [Theory]
    [InlineData("JoinAsync")]
    [InlineData("RenewAsync")]
    [InlineData("ReadAsync")]
    [InlineData("TakeAsync")]
    [InlineData("GiveAsync")]
    [InlineData("LeaveAsync")]
    public void When_the_change_is_made_and_the_answer_is_lost_nothing_else_is_lost(string method)
    {
        using var cluster = CreateSpread();
        cluster.Store.Fault = EverySecond(method, StoreFault.LosesAnswer);
        cluster.Start("a");
        cluster.Advance(12);
        var b = cluster.Start("b");
        cluster.Advance(12);
        cluster.Start("c");
        cluster.Advance(12);
        cluster.AdvanceUntil(b.StopAsync(), 6);
        cluster.Advance(12);

        Assert.Equal(16, cluster.OpenShards().Distinct().Count());
        Assert.Equal(16, cluster.OpenShards().Count());
        var judge = new Judge(cluster.Journal.Runs);
        Assert.Empty(judge.Lost);
        Assert.Empty(judge.Twice);
        Assert.Empty(judge.Stale);
        Assert.Empty(judge.Doubled);
    }

    [Theory]
    [InlineData("RenewAsync")]
    [InlineData("ReadAsync")]
    [InlineData("TakeAsync")]
    [InlineData("GiveAsync")]
    public void A_store_that_throws_now_and_then_delays_and_loses_nothing(string method)
    {
        using var cluster = CreateSpread();
        cluster.Store.Fault = EverySecond(method, StoreFault.Throws);
        cluster.Start("a");
        cluster.Advance(12);
        var b = cluster.Start("b");
        cluster.Advance(12);
        cluster.AdvanceUntil(b.StopAsync(), 6);
        cluster.Advance(12);

        Assert.Equal(16, cluster.OpenShards().Count());
        new Judge(cluster.Journal.Runs).AssertPerfect();
    }

    [Fact]
    public void Without_messages_a_shard_is_taken_within_a_third_of_a_lease()
    {
        using var cluster = CreateSpread();
        cluster.LosesMessages = true;
        cluster.Start("a");
        cluster.Advance(12);
        var b = cluster.Start("b");
        cluster.Advance(2 + (2 * Third) + 0.1);

        Assert.InRange(b.Open.Length, 7, 9);
        cluster.Advance(12);
        new Judge(cluster.Journal.Runs).AssertPerfect();
    }

    [Fact]
    public void A_shard_that_ends_its_owners_is_closed_for_a_while_and_its_keys_alone()
    {
        using var cluster = CreateSpread();
        cluster.Options.QuarantineFor = TimeSpan.FromMinutes(1);
        cluster.Start("a");
        cluster.Advance(60);
        var poison = cluster.Keys[3];
        var shard = KeyShard.FromKey(poison, 16).Index;
        var owners = new List<string>();
        cluster.Journal.Step = (host, key, _, _) =>
        {
            if (key == poison)
                owners.Add(host);
            return default;
        };
        foreach (var name in new[] { "b", "c", "d", "e" })
        {
            cluster.Start(name);
        }
        for (var step = 0; step < 400; step++)
        {
            cluster.Advance(0.1);
            foreach (var host in cluster.Hosts.Where(host => host.IsRunning && owners.Contains(host.Name)))
                host.Kill();
        }

        Assert.Equal(3, owners.Distinct().Count());
        Assert.Equal(2, cluster.Hosts.Count(host => host.IsRunning));
        Assert.Equal(15, cluster.OpenShards().Distinct().Count());
        Assert.DoesNotContain($"tick {shard}", cluster.OpenShards());
        var closed = Assert.Single(cluster.Hosts.Where(host => host.IsRunning).SelectMany(host => host.Coordinator.Quarantined));
        Assert.Equal((shard, 3), (closed.Key.Index, closed.Value));

        cluster.Journal.Step = static (_, _, _, _) => default;
        cluster.Advance(60);
        Assert.Equal(16, cluster.OpenShards().Distinct().Count());
        Assert.Empty(cluster.Hosts.Where(host => host.IsRunning).SelectMany(host => host.Coordinator.Quarantined));
    }

    [Fact]
    public void Outages_of_the_store_close_no_shard_for_longer_than_they_last()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        foreach (var _ in Enumerable.Range(0, 6))
        {
            cluster.Advance(6);
            cluster.SilenceStore(8);
        }
        cluster.AdvanceUntilAllOwned(4);
        Assert.Empty(a.Coordinator.Quarantined);
        Assert.Empty(b.Coordinator.Quarantined);
    }

    [Fact]
    public void After_a_crash_a_loop_that_had_ended_is_not_revived()
    {
        using var cluster = new TestCluster(static task => task.Every(TimeSpan.FromSeconds(5)).StopAfterFailures(2));
        cluster.Journal.Step = static (_, key, _, _) => key < 5 ? throw new IOException("on purpose") : default;
        var a = cluster.Start("a");
        cluster.Advance(20);
        a.Kill();
        var b = cluster.Start("b");
        cluster.Advance(30);
        cluster.AdvanceUntil(b.StopAsync(), 3);
        cluster.Start("c");
        cluster.Advance(30);

        Assert.All(cluster.Journal.Runs.Where(run => run.Key < 5).GroupBy(run => run.Key), key => Assert.Equal(2, key.Count()));
        Assert.Equal(5, cluster.Journal.Runs.Where(run => run.Key < 5).Select(run => run.Key).Distinct().Count());
        Assert.Equal(3, cluster.Journal.Runs.Select(run => run.Host).Distinct().Count());
    }

    private static Func<string, string, StoreFault> EverySecond(string method, StoreFault fault)
    {
        var calls = new Dictionary<string, int>();
        return (called, caller) =>
        {
            calls[caller] = called == method ? calls.GetValueOrDefault(caller) + 1 : calls.GetValueOrDefault(caller);
            return called == method && calls[caller] % 2 == 1 ? fault : StoreFault.None;
        };
    }

    private static TestCluster CreateSpread() =>
        new(static task => task.Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll).Spread());
}
