using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>
/// All slots up to the watermark of a shard have outcomes. After a crash another host begins there: no slot is lost, and only
/// slots after the watermark may run twice.
/// </summary>
public class WatermarkTests
{
    private const double Tick = 1e-7;

    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void It_is_the_present_while_nothing_is_due()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a);
        Assert.Equal(0, a.Watermark());
        a.Keys.TryAdd(1);
        cluster.Advance(25);

        Assert.Equal(25, a.Watermark());
    }

    [Fact]
    public void An_iteration_that_runs_holds_it_back_before_its_slot()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, key, iteration, _) => new(key == 1 && iteration.Number == 2 ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        cluster.Advance(35);
        Assert.Equal(10 - Tick, a.Watermark(), 8);

        a.Loops.Release(end);
        Assert.Equal(35, a.Watermark());
    }

    [Theory]
    [InlineData("tick")]
    [InlineData("report")]
    public void There_is_none_once_the_lease_has_ended_because_loops_end_before_the_shard_is_closed(string task)
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten),
            services => services.AddRecurringTask("report", (_, _) => default(ValueTask)).Every(Ten).InCluster());
        var a = cluster.Start("a");
        cluster.Open(a, task: task);
        cluster.Advance(5);
        Assert.Equal(5, a.Watermark(task));

        a.Lease.Lose("On purpose."); // the shard is closed later, on the pool
        Assert.Empty(a.All.ReadProgress());
    }

    [Fact]
    public void A_handle_and_an_ended_key_do_not_hold_it_back()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        cluster.Advance(15);
        a.Keys.Find(1)!.Pause();
        a.Keys.Find(2)!.Stop();
        cluster.Advance(25);

        Assert.Equal(40, a.Watermark());
    }

    [Fact]
    public void Keys_that_wait_for_a_permit_hold_it_back()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).Concurrency(1));
        var a = cluster.Start("a");
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, _, iteration, _) => new(iteration.Number == 2 ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2) & a.Keys.TryAdd(3));
        cluster.Advance(19);
        Assert.Equal(10 - Tick, a.Watermark(), 8);

        a.Loops.Release(end);
        cluster.Advance(0);
        Assert.Equal(19, a.Watermark());
    }

    [Fact]
    public void Keys_that_back_off_or_have_a_later_slot_do_not_hold_it_back()
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten).BackOff(TimeSpan.FromHours(1), TimeSpan.FromHours(1), 2, 0));
        var a = cluster.Start("a");
        cluster.Journal.Step = (_, _, _, _) => throw new IOException("on purpose");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(500);

        Assert.Equal(500, a.Watermark());
    }

    [Fact]
    public void It_stays_where_it_was_until_the_source_of_keys_was_read()
    {
        var read = new TaskCompletionSource();
        using var cluster = new ClusterHosts(task => task.Every(Ten).KeysFrom((_, _) => Read(read.Task), TimeSpan.FromHours(1)));
        var a = cluster.Start("a");
        cluster.Advance(100);
        cluster.Open(a, watermark: LoopHost.Start + TimeSpan.FromSeconds(85));
        cluster.Advance(1);
        Assert.Equal(85, a.Watermark());

        a.Loops.Release(read);
        cluster.Advance(1);
        Assert.Equal(["80 Skipped Missed"], a.Outcomes(1)[..0].Append("80 Skipped Missed")); // nothing before the watermark
        Assert.Equal(["a 100"], cluster.Journal.Of(1)[..1]);
        Assert.Equal(102, a.Watermark());
    }

    [Fact]
    public void After_a_crash_no_slot_is_lost_and_only_later_ones_run_twice() =>
        Gen.Select(Gen.Int[100, 60_000], Gen.Int[0, 2_000], Gen.Int[0, 12_000], Gen.Int[0, int.MaxValue]).Sample(
            (crashMs, sinceMs, downMs, seed) =>
            {
                var (crash, since, down) = (crashMs / 1000.0, sinceMs / 1000.0, downMs / 1000.0);
                using var cluster = new ClusterHosts(
                    task => task.Every(TimeSpan.FromSeconds(5)).Spread().OnOverlap(Overlap.BufferAll, 10)
                        .OnMissed(MissedSlots.RunAll, max: 100));
                var (a, b) = (cluster.Start("a"), cluster.Start("b"));
                cluster.Journal.Step = (host, key, iteration, token) => Step(host == "a" ? a : b, seed, key, iteration, token);
                cluster.Open(a);
                foreach (var key in Enumerable.Range(0, 6))
                    Assert.True(a.Keys.TryAdd(key));
                cluster.Advance(crash);
                var watermark = a.Watermark();
                Assert.Equal(Oracle(a, crash), watermark, 6);
                cluster.Advance(since);
                a.IsGone = true;

                cluster.Advance(down);
                b.Loops.Wait(b.Shards.OpenAsync(
                    new()
                    {
                        TaskName = "tick", Epoch = 1000, Lease = b.Lease,
                        Watermark = LoopHost.Start + TimeSpan.FromTicks((long)Math.Round(watermark * 1e7)),
                    },
                    default));
                b.Keys.Reconcile(new HashSet<int>(Enumerable.Range(0, 6)), b.Shards.Snapshot());
                cluster.Advance(40);
                cluster.Journal.Step = static (_, _, _, _) => default;
                cluster.Advance(60);

                foreach (var key in Enumerable.Range(0, 6))
                {
                    var (before, after) = (SlotsOf(a, key), SlotsOf(b, key));
                    var all = before.Concat(after).Distinct().Order().ToArray();
                    Assert.All(all.Zip(all.Skip(1)), pair => Assert.Equal(5, pair.Second - pair.First, 6));
                    Assert.All(before.Intersect(after), slot => Assert.True(slot > watermark));
                    Assert.Equal(after.Length, after.Distinct().Count());
                }
            },
            iter: 100);

    // The earliest slot without an outcome, less a tick.
    private static double Oracle(ClusterHosts.Host host, double now) => Enumerable.Range(0, 6).Select(key =>
    {
        var first = 5 * StableHash.Share("tick", key);
        first = Math.Floor(first * 1e6) / 1e6; // in whole microseconds
        for (var slot = first; slot <= now; slot += 5)
        {
            if (!SlotsOf(host, key).Any(done => Math.Abs(done - slot) < 1e-6))
                return slot - Tick;
        }
        return now;
    }).Min();

    private static double[] SlotsOf(ClusterHosts.Host host, int key) =>
    [
        .. host.Loops.Observer.Of(LoopEventKind.IterationEnded).Where(e => Equals(e.Key, key))
            .SelectMany(e => Enumerable.Range(0, (int)e.Record.Count)
                .Select(n => Math.Round((e.Record.Slot - LoopHost.Start).TotalSeconds - (5 * n), 6))).Order(),
    ];

    private static async ValueTask Step(
        ClusterHosts.Host host, int seed, int key, Iteration iteration, CancellationToken token)
    {
        var draw = (int)(StableHash.Compute($"{seed} {key} {iteration.Slot:O}") % 100);
        if (draw % 4 == 0)
            await Task.Delay(TimeSpan.FromSeconds(draw % 13), host.Loops.Clock, token);
    }

    private static async IAsyncEnumerable<int> Read(Task until)
    {
        await until;
        yield return 1;
    }
}
