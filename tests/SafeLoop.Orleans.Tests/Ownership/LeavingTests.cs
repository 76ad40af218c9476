using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>A host that leaves while something else happens to it.</summary>
public class LeavingTests
{
    [Fact]
    public void A_host_that_stops_while_it_takes_shards_gives_them_away_with_their_state()
    {
        using var cluster = new TestCluster(static task => task.Every(TimeSpan.FromSeconds(0.5)).OnMissed(MissedSlots.RunAll));
        var a = cluster.Start("a");
        cluster.Advance(5);
        cluster.AdvanceUntil(a.StopAsync(), 3);
        var b = StartWhileTakesHang(cluster);
        var stopped = b.StopAsync();
        Answer(cluster);
        cluster.AdvanceUntil(stopped, 3);
        cluster.Start("c");
        cluster.Advance(12);

        new Judge(cluster.Journal.Runs, 0.5).AssertPerfect();
    }

    [Fact]
    public void A_drain_waits_for_shards_that_are_being_taken()
    {
        using var cluster = CreateSpread();
        var a = StartWhileTakesHang(cluster);
        var drained = a.Coordinator.DrainAsync(default);
        cluster.Settle();
        Assert.False(drained.IsCompleted);

        Answer(cluster);
        cluster.AdvanceUntil(drained, 1);
        Assert.Empty(a.Open);
        Assert.Equal(0, a.Coordinator.Owned);
    }

    [Fact]
    public void A_host_that_was_declared_dead_stops_at_once()
    {
        using var cluster = CreateSpread();
        cluster.Start("a");
        var b = cluster.Start("b");
        cluster.Advance(12.3);
        b.Membership.Set(new(new HashSet<string>(), IsDead: true));
        cluster.Advance(0.5);

        Assert.InRange(cluster.AdvanceUntil(b.StopAsync(), 1), 0, 0.5);
    }

    [Fact]
    public void A_host_that_stops_does_not_join_in_again()
    {
        using var cluster = CreateSpread();
        cluster.Options.OpeningBudget = 2;
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12);
        RunLong(cluster, b);
        var stopped = b.StopAsync();
        b.Coordinator.Rejoin();
        cluster.AdvanceUntil(stopped, 10);
        cluster.Advance(12);

        Assert.Equal(16, a.Open.Length);
        Assert.Empty(b.Logged("ClusterLeaseLost"));
    }

    [Fact]
    public async Task A_drain_ends_when_the_host_joins_in_again()
    {
        using var cluster = CreateSpread();
        cluster.Options.OpeningBudget = 2;
        cluster.Start("a");
        var b = cluster.Start("b");
        cluster.Advance(12);
        RunLong(cluster, b);
        var drained = b.Coordinator.DrainAsync(default);
        b.Coordinator.Rejoin();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => drained);
        Assert.Contains("RejoinAsync was called", error.Message, StringComparison.Ordinal);
        cluster.Advance(12);
        Assert.NotEmpty(b.Open);
    }

    [Fact]
    public void A_member_that_comes_and_goes_does_not_keep_the_others_from_taking_shards()
    {
        using var cluster = CreateSpread();
        var a = cluster.Start("a");
        foreach (var _ in Enumerable.Range(0, 8))
        {
            var restarted = cluster.Start("b");
            cluster.Advance(1.5);
            restarted.Kill();
        }

        Assert.NotEmpty(a.Open);
    }

    [Fact]
    public void A_host_with_long_steps_closes_all_its_shards_at_the_same_time()
    {
        using var cluster = CreateSpread();
        cluster.Options.OpeningBudget = 2;
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12);
        RunLong(cluster, b);

        Assert.InRange(cluster.AdvanceUntil(b.StopAsync(), 10), 0, 1.5); // DrainFor is 1 s, and there are four batches
        cluster.Advance(12);
        Assert.Equal(16, a.Open.Length);
    }

    [Fact]
    public void A_pause_is_stored_in_time_while_other_shards_close_slowly()
    {
        using var cluster = CreateSpread();
        cluster.Options.DrainFor = TimeSpan.FromSeconds(30);
        var a = cluster.Start("a");
        cluster.Advance(12);
        RunLong(cluster, a);
        cluster.Start("b");
        cluster.Advance(5); // its shards are closing
        var key = a.Keys.First(key => a.Open.Contains($"tick {KeyShard.FromKey(key, 16).Index}"));
        _ = a.KeyHandles.Find(key)!.PauseAsync("on purpose");
        cluster.Advance(2);
        a.Kill();
        cluster.Advance(20);

        Assert.DoesNotContain(cluster.Journal.Runs, run => run.Key == key && run.Host == "b");
        Assert.Equal(16, cluster.OpenShards().Count());
    }

    private static void RunLong(TestCluster cluster, TestHost host)
    {
        cluster.Journal.Step = (on, _, _, token) => on != host.Name ? default
            : new(Task.Delay(TimeSpan.FromSeconds(60), host.Loops.Clock, token));
        cluster.Advance(6);
    }

    private static TestHost StartWhileTakesHang(TestCluster cluster)
    {
        var host = cluster.Start("b");
        cluster.Store.Fault = static (method, _) => method == "TakeAsync" ? StoreFault.Hangs : StoreFault.None;
        cluster.Advance(2.3);
        Assert.Contains(cluster.Store.Calls, call => call.StartsWith("TakeAsync", StringComparison.Ordinal));
        cluster.Store.Fault = static (_, _) => StoreFault.None;
        return host;
    }

    private static void Answer(TestCluster cluster)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // what has waited goes on right here
        cluster.Store.Thaw();
        SynchronizationContext.SetSynchronizationContext(outer);
        cluster.Settle();
    }

    private static TestCluster CreateSpread() =>
        new(static task => task.Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll).Spread());
}
