using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>A host whose lease ends starts nothing any more and cancels what runs.</summary>
public class LostShardTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void Nothing_starts_after_nine_tenths_of_the_lease()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromSeconds(1)));
        var a = cluster.Start("a", lease: Ten);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(30);

        Assert.Equal(8, cluster.Journal.Runs[^1].Second);
        Assert.Equal(0, a.Keys.Count);
        Assert.Equal(
            "Shard 0/1, epoch 101: 1 loops have ended. The lease was not renewed for 9/10 of its length of 00:00:10.",
            Assert.Single(a.Loops.Observer.Of(LoopEventKind.ShardLost)).Text);
        Assert.All(a.Loops.Records(), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
    }

    [Fact]
    public void Nothing_starts_when_the_process_was_frozen_and_its_timers_are_late()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromSeconds(1)));
        var a = cluster.Start("a", lease: Ten);
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        cluster.Advance(3.5);
        a.Loops.Sleep(TimeSpan.FromSeconds(30)); // then all timers at once, in any order
        cluster.Advance(5);

        Assert.Equal(3, cluster.Journal.Runs[^1].Second);
        Assert.All(a.Loops.Records(), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
        Assert.Equal(0, a.Keys.Count);
    }

    [Fact]
    public void Nothing_is_recorded_of_slots_that_come_due_while_a_shard_drains()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromSeconds(1)));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (host, _, _, _) => new(host == "a" ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(0.5);
        var closed = a.Shards.CloseAsync(ClusterHosts.Whole, TimeSpan.FromMinutes(1), default);
        cluster.Advance(3);
        end.SetResult();
        cluster.Open(b, a.ResultOf(closed));
        cluster.Advance(1);

        Assert.Equal(["0 Succeeded None"], a.Outcomes(1));
        Assert.Equal(["2 Skipped Missed", "3 Succeeded None", "4 Succeeded None"], b.Outcomes(1));
    }

    [Fact]
    public void Nothing_starts_when_only_the_wall_clock_went_on()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromSeconds(1)));
        var a = cluster.Start("a", lease: Ten);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(3.5);
        a.Loops.Clock.SetWallClock(LoopHost.Start + TimeSpan.FromSeconds(40));
        cluster.Advance(5);

        Assert.Equal(3, cluster.Journal.Runs[^1].Second);
        Assert.Equal(0, a.Keys.Count);
    }

    [Fact]
    public void Running_iterations_are_cancelled_at_once()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromMinutes(1)).DrainFor(TimeSpan.FromMinutes(1)));
        var a = cluster.Start("a", lease: Ten);
        cluster.Journal.Step = (_, _, _, token) => new(new TaskCompletionSource().Task.WaitAsync(token));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(8.9);
        Assert.Empty(a.Outcomes(1));

        cluster.Advance(0.1);
        Assert.Equal(["0 Interrupted ShardLost"], a.Outcomes(1));
    }

    [Fact]
    public void A_shard_that_is_lost_while_it_closes_does_not_drain_any_longer_and_hands_nothing_over()
    {
        using var cluster = new ClusterHosts(task => task.Every(TimeSpan.FromMinutes(1)));
        var a = cluster.Start("a", lease: Ten);
        cluster.Journal.Step = (_, _, _, token) => new(new TaskCompletionSource().Task.WaitAsync(token));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        var closed = a.Shards.CloseAsync(ClusterHosts.Whole, TimeSpan.FromMinutes(1), default);
        cluster.Advance(5);

        Assert.Null(a.ResultOf(closed));
        Assert.Equal(["0 Interrupted ShardLost"], a.Outcomes(1));
    }

    [Fact]
    public void Loops_of_a_key_never_overlap_when_the_shard_comes_back_while_an_old_iteration_still_runs()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a", lease: Ten);
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, _, iteration, _) => new(iteration.FencingToken == 101 ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(9);
        a.TakeNewLease();
        cluster.Open(a, watermark: LoopHost.Start);
        Assert.True(a.Keys.TryAdd(1));
        cluster.Advance(5);
        Assert.Single(cluster.Journal.Runs);

        a.Loops.Release(end);
        cluster.Advance(6);
        Assert.Equal(["a 0", "a 20"], cluster.Journal.Of(1));
        Assert.Equal([101, 102], cluster.Journal.Runs.Select(run => run.Token));
    }

    [Fact]
    public void A_lease_that_has_ended_opens_nothing()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a", lease: Ten);
        a.Lease.Lose("The test has lost it.");

        Assert.Equal(
            "Shard 0/1 of recurring task 'tick' cannot be opened: the lease has ended. The test has lost it.",
            Assert.Throws<InvalidOperationException>(() => cluster.Open(a)).Message);
    }

    [Fact]
    public void A_stop_of_the_host_while_shards_are_open_ends_their_loops_with_the_host()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);

        a.Loops.Wait(a.Loops.StopHost());
        Assert.Equal(
            "Shard 0/1 of recurring task 'tick' cannot be opened: the host stops.",
            Assert.Throws<InvalidOperationException>(() => cluster.Open(a)).Message);
    }
}
