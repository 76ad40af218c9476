using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>What a cluster promises.</summary>
public class SemanticsTests
{
    private const double Lease = 4, Third = Lease / 3, Settle = 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_iteration_starts_only_while_its_host_can_prove_the_lease_on_both_clocks(bool isSuspended)
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12);
        b.Freeze();
        cluster.Advance(30);
        var tokens = cluster.Journal.Runs.Where(run => run.Host == "b").Max(run => run.Token);
        var before = cluster.Journal.Runs.Count(run => run.Host == "b");
        Assert.Equal(16, a.Open.Length);

        b.Thaw(TimeSpan.FromSeconds(30), isSuspended);
        cluster.Advance(0);
        Assert.Equal(before, cluster.Journal.Runs.Count(run => run.Host == "b")); // the zombie runs nothing

        cluster.Advance(20);
        Assert.InRange(b.Open.Length, 7, 9);
        Assert.All(
            cluster.Journal.Runs.Where(run => run.Host == "b").Skip(before), run => Assert.True(run.Token > tokens));
        new Judge(cluster.Journal.Runs).AssertRecovered(12, Third);
    }

    [Fact]
    public void Nothing_starts_after_nine_tenths_of_the_lease_since_the_last_renewal_was_asked()
    {
        using var cluster = new TestCluster(task => task.Every(TimeSpan.FromSeconds(0.1)));
        cluster.Start("a");
        cluster.Advance(5.5); // the last renewal was asked at 5.33
        cluster.Store.Fault = static (_, _) => StoreFault.Hangs;
        cluster.Advance(10);

        Assert.InRange(cluster.Journal.Runs.Max(run => run.Second), 5.3 + (Lease * 0.9) - 0.1, 5.4 + (Lease * 0.9));
    }

    [Fact]
    public void A_lease_that_has_run_out_is_never_renewed_and_the_host_begins_again_with_new_epochs()
    {
        using var cluster = CreateSpread();
        var a = cluster.Start("a");
        cluster.Advance(10);
        var (before, token) = (cluster.Store.Calls.Count, cluster.Journal.Runs.Max(run => run.Token));
        cluster.SilenceStore(8);
        cluster.Advance(10);

        var calls = cluster.Store.Calls.Skip(before).ToList();
        var lost = Assert.Single(a.Logged("ClusterLeaseLost"));
        Assert.Contains("was not renewed for 9/10 of its length", lost, StringComparison.Ordinal);
        Assert.DoesNotContain("RenewAsync 1", calls.Skip(calls.IndexOf("JoinAsync a")));
        Assert.Contains(calls, call => call is "RenewAsync 2" or "RenewAsync 3" or "RenewAsync 4" or "RenewAsync 5");
        Assert.Equal(16, a.Open.Length);
        Assert.All(cluster.Journal.Runs.Where(run => run.Second > 18), run => Assert.True(run.Token > token));
    }

    [Fact]
    public void Taking_a_shard_never_waits_for_another_host()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(10);
        var shares = (Text(a), Text(b));

        // Each believes that the other is gone, and wants all shards.
        a.Membership.Set(new(new HashSet<string> { a.Membership.Address }, IsDead: false));
        b.Membership.Set(new(new HashSet<string> { b.Membership.Address }, IsDead: false));
        cluster.Advance(20);
        Assert.Equal(shares, (Text(a), Text(b)));

        // What one gives away is taken by the other at once.
        b.Freeze();
        Assert.InRange(cluster.AdvanceUntilAllOwned(Lease + 1), 0, Lease + 1);
        b.Thaw(TimeSpan.Zero);
        new Judge(cluster.Journal.Runs).AssertRecovered(30, Third);
    }

    [Fact]
    public void The_token_of_a_later_owner_is_greater_and_a_fenced_store_accepts_none_out_of_order()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(10);
        var c = cluster.Start("c");
        cluster.Advance(10);
        a.Kill();
        cluster.Advance(10);
        cluster.AdvanceUntil(c.StopAsync(), 3);
        cluster.Advance(10);

        var judge = new Judge(cluster.Journal.Runs);
        Assert.Empty(judge.Stale);
        Assert.All(
            cluster.Journal.Runs.GroupBy(run => run.Key),
            key => Assert.All(
                key.GroupBy(run => run.Token), token => Assert.Single(token.Select(run => run.Host).Distinct())));
        Assert.Equal(16, b.Open.Length);
    }

    [Fact]
    public void A_planned_move_carries_the_memory_of_the_loops_and_no_slot_is_lost_or_doubled()
    {
        using var cluster = CreateSpread();
        cluster.Journal.Step = static (_, key, _, _) => key % 3 == 0 ? throw new IOException("on purpose") : default;
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12);
        cluster.Start("c");
        cluster.Advance(12);
        cluster.AdvanceUntil(b.StopAsync(), 3);
        cluster.Advance(12);
        cluster.AdvanceUntil(a.StopAsync(), 3);
        cluster.Advance(12);

        new Judge(cluster.Journal.Runs).AssertPerfect();
        Assert.All(
            cluster.Journal.Runs.GroupBy(run => run.Key),
            key =>
            {
                Assert.Equal(Enumerable.Range(1, key.Count()).Select(number => (long)number), key.Select(run => run.Number));
                if (key.Key % 3 == 0)
                    Assert.Equal(Enumerable.Range(0, key.Count()), key.Select(run => run.Failures));
            });
        Assert.True(cluster.Journal.Runs.Select(run => (run.Key, run.Host)).Distinct().Count() > 2 * TestCluster.KeyCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_crash_the_new_owner_starts_from_the_last_watermark(bool isNoticed)
    {
        using var cluster = CreateSpread();
        cluster.Start("a");
        var b = cluster.Start("b");
        cluster.Start("c");
        cluster.Advance(12.3);
        b.Kill(isNoticed);
        var ownedAfter = cluster.AdvanceUntilAllOwned(Lease + Third);
        cluster.Advance(20);

        Assert.InRange(ownedAfter, Lease - Third, Lease + Third);
        new Judge(cluster.Journal.Runs).AssertRecovered(12.3, Third);
    }

    [Fact]
    public void A_crash_right_after_new_shards_were_taken_loses_no_slot()
    {
        using var cluster = new TestCluster(static task => task.Every(TimeSpan.FromSeconds(0.5)).OnMissed(MissedSlots.RunAll));
        var (a, _) = (cluster.Start("a"), cluster.Start("b"));
        while (!cluster.Journal.Runs.Any(static run => run.Host == "a"))
            cluster.Advance(0.1); // they have settled, and both have taken their share
        a.Kill(); // before it stores how far they have come
        cluster.Advance(20);

        Assert.Empty(new Judge(cluster.Journal.Runs, 0.5).Lost);
    }

    [Fact]
    public void Of_two_records_of_one_slot_the_greater_token_wins()
    {
        using var cluster = new TestCluster(static task => task.Every(TimeSpan.FromSeconds(0.5)).OnMissed(MissedSlots.RunAll));
        cluster.Start("a");
        var b = cluster.Start("b");
        cluster.Advance(13.2);
        b.Kill();
        cluster.Advance(20);

        var judge = new Judge(cluster.Journal.Runs, 0.5);
        judge.AssertRecovered(13.2, Third);
        Assert.NotEmpty(judge.Doubled);
        Assert.All(
            cluster.Journal.Runs.GroupBy(run => (run.Key, run.Slot)).Where(slot => slot.Count() > 1),
            slot => Assert.Equal(slot.Select(run => run.Token), slot.Select(run => run.Token).Distinct().Order()));
    }

    [Fact]
    public void When_the_store_is_silent_for_less_than_a_lease_nothing_happens()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12);
        var shares = (Text(a), Text(b));
        cluster.SilenceStore(2);
        cluster.Advance(10);

        Assert.Equal(shares, (Text(a), Text(b)));
        new Judge(cluster.Journal.Runs).AssertPerfect();
        Assert.Empty(a.Logged("ClusterLeaseLost"));
        Assert.Single(cluster.Journal.Runs.Where(run => run.Key == a.Keys[0]).Select(run => run.Token).Distinct());
    }

    [Fact]
    public void When_the_store_is_silent_for_longer_all_pause_and_nothing_doubles_and_all_resume()
    {
        using var cluster = CreateSpread();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(12);
        cluster.SilenceStore(8);
        Assert.Empty(a.Open);
        Assert.Empty(b.Open);
        Assert.DoesNotContain(cluster.Journal.Runs, run => run.Second > 12 + (Lease * 0.9));

        Assert.InRange(cluster.AdvanceUntilAllOwned(4), 0, 4);
        cluster.Advance(20);
        var judge = new Judge(cluster.Journal.Runs);
        judge.AssertRecovered(12 + (Lease * 0.9), (Lease * 0.9) + Third); // since the last renewal, which stored the watermark
        Assert.Equal(16, cluster.OpenShards().Count());
        Assert.Empty(a.Logged("ShardQuarantined"));
    }

    [Fact]
    public void A_host_that_does_not_register_a_task_never_owns_its_keys()
    {
        var report = new Tick.Journal();
        using var cluster = CreateSpread();
        foreach (var name in new[] { "a", "b", "c" })
        {
            cluster.Start(name, add: name == "c" ? null : services => OrdinaryTask.Add(services, "report", name, report));
        }
        cluster.Advance(12);
        var owner = cluster.Hosts.Single(host => host.Open.Contains("report 0"));
        Assert.NotEqual("c", owner.Name);
        owner.Kill();
        cluster.Advance(12);
        cluster.Hosts.Single(host => host.IsRunning && host.Name != "c").Kill();
        cluster.Advance(12);

        Assert.DoesNotContain(report.Runs, run => run.Host == "c");
        Assert.Equal(2, report.Runs.Select(run => run.Host).Distinct().Count());
        Assert.Equal(16, cluster.OpenShards().Count());
        new Judge(report.Runs).AssertRecovered(24, 24);
    }

    private static string Text(TestHost host) => string.Join(", ", host.Open);

    private static TestCluster CreateSpread() =>
        new(static task => task.Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll).Spread());
}
