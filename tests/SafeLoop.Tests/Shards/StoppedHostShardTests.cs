using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>A host stops while its shards are open, so that they were not handed over: the next owners lose nothing.</summary>
public class StoppedHostShardTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void Progress_is_not_reported_of_loops_that_a_stopping_host_no_longer_runs()
    {
        using var cluster = Create();
        var a = cluster.Start("a");
        OpenBoth(cluster, a);
        Assert.True(a.Keys.TryAdd(1));
        cluster.Advance(5);
        Assert.Equal(2, a.All.ReadProgress().Count);

        a.Loops.Wait(a.Loops.StopHost());
        cluster.Advance(20);

        Assert.Empty(a.All.ReadProgress());
        Assert.Throws<InvalidOperationException>(() => a.All.WriteExceptions("tick", ClusterHosts.Whole));
        Assert.Throws<InvalidOperationException>(() => a.All.WriteExceptions("report", ClusterHosts.Whole));
        Assert.Throws<InvalidOperationException>(() => { cluster.Close(a); });
        Assert.Throws<InvalidOperationException>(() => { cluster.Close(a, task: "report"); });
    }

    [Fact]
    public void A_loop_that_ends_with_its_host_while_its_shard_closes_goes_on_elsewhere()
    {
        using var cluster = Create();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        OpenBoth(cluster, a);
        Assert.True(a.Keys.TryAdd(1));
        cluster.Journal.Step = (host, _, iteration, token) =>
            new(host == "a" ? new TaskCompletionSource().Task.WaitAsync(token) : Task.CompletedTask);
        cluster.Advance(5);

        var (keys, report) = (Close(a, "tick"), Close(a, "report"));
        a.Loops.Settle();
        a.Loops.Wait(a.Loops.StopHost());
        cluster.Advance(60);
        cluster.Open(b, a.ResultOf(keys));
        cluster.Open(b, a.ResultOf(report), task: "report");
        cluster.Advance(10);

        Assert.Equal(["a 0", "b 60", "b 70"], cluster.Journal.Of(1));
        Assert.Null(b.Keys.Find(1)!.Snapshot().End);
        Assert.Null(b.Loops["report"].Snapshot().End);
    }

    [Fact]
    public void A_slot_that_waits_for_its_jitter_when_the_host_stops_runs_elsewhere()
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten).WithJitter(TimeSpan.FromSeconds(9)).OnMissed(MissedSlots.RunAll));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        Assert.All(Enumerable.Range(0, 20), key => Assert.True(a.Keys.TryAdd(key)));
        cluster.Advance(20.5);
        var watermark = a.Watermark();

        a.Loops.Wait(a.Loops.StopHost());
        b.Loops.Wait(b.Shards.OpenAsync( // its keys are read below
            new()
            {
                TaskName = "tick", Epoch = 1000, Lease = b.Lease,
                Watermark = LoopHost.Start + TimeSpan.FromSeconds(watermark),
            },
            default));
        b.Keys.Reconcile(Enumerable.Range(0, 20).ToHashSet(), b.Shards.Snapshot());
        cluster.Advance(30);

        Assert.DoesNotContain(a.Loops.Records(), record => record.Outcome is IterationOutcome.Interrupted);
        Assert.All(Enumerable.Range(0, 20), key => Assert.Equal(
            [0, 10, 20, 30, 40],
            cluster.Journal.Runs.Where(run => run.Key == key && run.Second <= 40).Select(run => run.Second).Distinct().Order()));
    }

    [Fact]
    public void A_shard_that_a_stopping_host_refuses_is_not_open()
    {
        using var cluster = Create();
        var a = cluster.Start("a");
        a.Loops.Wait(a.Loops.StopHost());

        Assert.Equal(
            "Shard 0/1 of recurring task 'tick' cannot be opened: the host stops.",
            Assert.Throws<InvalidOperationException>(() => cluster.Open(a)).Message);
        Assert.Equal(
            "Recurring task 'report' cannot be opened: the host stops.",
            Assert.Throws<InvalidOperationException>(() => cluster.Open(a, task: "report")).Message);
        Assert.Empty(a.All.ReadProgress());
        a.Lease.Lose("The test has lost it.");
        a.Loops.Settle();
        Assert.Empty(a.Loops.Observer.Of(LoopEventKind.ShardLost));
    }

    private static Task<byte[]?> Close(ClusterHosts.Host host, string task) =>
        host.All.CloseAsync(task, ClusterHosts.Whole, TimeSpan.FromMinutes(1), default);

    private static void OpenBoth(ClusterHosts cluster, ClusterHosts.Host host)
    {
        cluster.Open(host);
        cluster.Open(host, task: "report");
    }

    private static ClusterHosts Create() => new(
        task => task.Every(Ten),
        services => services.AddRecurringTask("report", (_, _) => default(ValueTask)).Every(Ten).InCluster());
}
