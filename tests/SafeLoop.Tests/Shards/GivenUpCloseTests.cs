using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>
/// A shard whose close is given up while an iteration still runs: what has not started runs on the next host, and what has
/// started does not run again.
/// </summary>
public class GivenUpCloseTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _end = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Slots_in_the_buffer_are_due_on_the_next_host(bool isPinned)
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).OnOverlap(Overlap.BufferAll, 10)
            .OnMissed(MissedSlots.RunAll, max: 10));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (host, _, iteration, _) =>
            new(host == "a" && iteration.Slot > LoopHost.Start ? _end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        if (isPinned)
            a.Keys.Pin(a.Keys.FindLoop(1));
        cluster.Advance(45); // 10 runs, 20 to 40 wait

        cluster.Open(b, GiveUp(a));
        cluster.Advance(10);
        a.Loops.Release(_end);
        cluster.Advance(10);

        Assert.Equal(["a 0", "a 10", "b 20", "b 30", "b 40", "b 50", "b 60"], cluster.Journal.Of(1));
        Assert.Equal(["0 Succeeded None", "10 Interrupted ShardLost"], a.Outcomes(1));
    }

    [Fact]
    public void Slots_before_one_that_was_skipped_get_their_outcome_here()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).OnOverlap(Overlap.BufferAll, 2)
            .OnMissed(MissedSlots.RunAll, max: 10));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (host, _, _, _) => new(host == "a" ? _end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(35); // 0 runs, 10 and 20 wait, 30 is skipped

        cluster.Open(b, GiveUp(a));
        cluster.Advance(10);
        a.Loops.Release(_end);

        Assert.Equal(["a 0", "b 40"], cluster.Journal.Of(1));
        Assert.Equal(
            ["0 Interrupted ShardLost", "10 Interrupted ShardLost", "20 Interrupted ShardLost", "30 Skipped BufferFull"],
            a.Outcomes(1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_slot_that_waits_for_its_check_runs_on_the_next_host()
    {
        var checks = 0;
        using var cluster = new ClusterHosts(task => task.Every(Ten).While(async _ =>
        {
            if (Interlocked.Increment(ref checks) == 2)
                await _end.Task;
            return true;
        }));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(15); // 10 waits

        cluster.Open(b, GiveUp(a));
        cluster.Advance(5);
        a.Loops.Release(_end); // before it counts as stuck

        Assert.Equal(["a 0", "b 10", "b 20"], cluster.Journal.Of(1));
        Assert.Equal(["0 Succeeded None"], a.Outcomes(1));
    }

    [Fact]
    public void Slots_in_the_buffer_of_an_ordinary_task_are_due_on_the_next_host()
    {
        using var cluster = CreateOrdinary(host => host == "a" ? _end.Task : Task.CompletedTask);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, task: "report");
        cluster.Advance(35); // 0 runs, 10 to 30 wait

        cluster.Open(b, GiveUp(a, "report"), task: "report");
        cluster.Advance(10);
        a.Loops.Release(_end);

        Assert.Equal(["a 0", "b 10", "b 20", "b 30", "b 40"], cluster.Journal.Of(0));
    }

    [Fact]
    public void An_ordinary_loop_that_waits_for_the_one_before_keeps_what_it_came_with()
    {
        using var cluster = CreateOrdinary(host => host == "a" ? _end.Task : Task.CompletedTask);
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, task: "report");
        cluster.Advance(5); // 0 runs, and never ends
        cluster.Open(b, GiveUp(a, "report"), task: "report");
        cluster.Advance(20); // b runs 10 and 20
        cluster.Move(b, a, task: "report");
        cluster.Advance(10); // 30 is due on a, whose loop before still runs

        cluster.Open(b, GiveUp(a, "report"), task: "report");
        cluster.Advance(10);
        a.Loops.Release(_end);

        Assert.Equal(["a 0", "b 10", "b 20", "b 30", "b 40"], cluster.Journal.Of(0));
    }

    // The loss is applied to a loop that the pass over all rows has found, and has not stopped yet.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_that_was_stopped_before_it_is_moved_leaves_its_key_free(bool isPinned)
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        var loop = a.Keys.FindLoop(1);
        if (isPinned)
            a.Keys.Pin(loop);
        a.Loops.Settle();

        a.Keys.StopMoving(loop, StopRequest.Lost);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                a.Loops.Settle();
                return a.Keys.ControlOf(loop) is null;
            },
            TimeSpan.FromSeconds(10)));
        Assert.True(a.Keys.Move(loop, StopRequest.Moved(Ten)));
        a.Loops.Settle();

        Assert.True(a.Keys.TryAdd(1));
        cluster.Advance(5);
        Assert.Equal(["a 0", "a 10"], cluster.Journal.Of(1));
    }

    private static byte[]? GiveUp(ClusterHosts.Host host, string task = "tick")
    {
        using var giveUp = new CancellationTokenSource();
        var closed = host.All.CloseAsync(task, ClusterHosts.Whole, TimeSpan.FromMinutes(1), giveUp.Token);
        host.Loops.Settle();
        Assert.False(closed.IsCompleted);
        giveUp.Cancel();
        return host.ResultOf(closed);
    }

    private static ClusterHosts CreateOrdinary(Func<string, Task> step)
    {
        ClusterHosts? cluster = null;
        return cluster = new(static task => task.Every(Ten), services =>
            services.AddRecurringTask("report", async (Tick.Place place, Iteration iteration, CancellationToken _) =>
            {
                cluster!.Journal.Add(new(place.Host, 0, iteration.Slot, iteration.Number, 0, iteration.FencingToken));
                await step(place.Host);
            }).Every(Ten).OnOverlap(Overlap.BufferAll, 10).OnMissed(MissedSlots.RunAll, max: 10).InCluster());
    }
}
