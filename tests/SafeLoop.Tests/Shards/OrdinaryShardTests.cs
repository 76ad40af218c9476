using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Tests.Shards;

/// <summary>An ordinary task in a cluster is one shard: its loop runs on the owner of the shard, and moves.</summary>
public class OrdinaryShardTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    private readonly Tick.Journal _journal = new();

    private Func<Iteration, CancellationToken, ValueTask> _step = static (_, _) => default;

    [Fact]
    public void Its_loop_starts_with_its_shard_and_goes_on_elsewhere()
    {
        using var cluster = Create(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(15);
        Assert.Empty(_journal.Runs);
        Assert.Equal(
            (RecurringTaskState.NotStarted, "This host does not own it: another host of the cluster runs it, or none does yet."),
            (a.Loops["report"].State, a.Loops["report"].Snapshot().StateReason));

        cluster.Open(a, task: "report");
        cluster.Advance(10);
        cluster.Move(a, b, task: "report");
        cluster.Advance(20);
        cluster.Move(b, a, task: "report");
        cluster.Advance(10);

        Assert.Equal(["a 20", "b 30", "b 40", "a 50"], _journal.Of(0));
        Assert.Equal([1, 2, 3, 4], _journal.Runs.Select(run => run.Number));
        Assert.Equal([101, 102, 102, 103], _journal.Runs.Select(run => run.Token));
    }

    [Fact]
    public void The_health_of_a_host_does_not_mention_loops_that_have_moved_away()
    {
        using var cluster = Create(task =>
        {
            task.Every(Ten).SucceedWithin(TimeSpan.FromMinutes(1));
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, task: "report");
        cluster.Advance(10);
        cluster.Move(a, b, task: "report");
        cluster.Advance(600);

        var report = a.ResultOf(a.Loops.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync());
        Assert.Equal((HealthStatus.Healthy, null), (report.Status, report.Entries.Single().Value.Description));
    }

    [Fact]
    public void It_is_not_run_or_started_on_another_host()
    {
        using var cluster = Create(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, task: "report");

        const string Sentence = "Recurring task 'report' cannot be started on this host, which does not own it: another host of "
            + "the cluster runs it. Use IRecurringTaskCluster, which sends the operation to the owner.";
        Assert.Equal(Sentence, Assert.Throws<InvalidOperationException>(b.Loops["report"].Start).Message);
        Assert.IsType<InvalidOperationException>(b.Loops["report"].RunNowAsync().Exception?.InnerException);

        cluster.Move(a, b, task: "report");
        Assert.IsType<InvalidOperationException>(a.Loops["report"].RunNowAsync().Exception?.InnerException);
        Assert.Equal((RecurringTaskState.Ended, LoopEnd.Moved, "Another host runs it."),
            (a.Loops["report"].State, a.Loops["report"].Snapshot().End, a.Loops["report"].Snapshot().StateReason));
    }

    [Fact]
    public void Failures_a_back_off_and_a_pause_move()
    {
        using var cluster = Create(task => task.Every(Ten).BackOff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 2, 0));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        _step = (_, _) => throw new IOException("on purpose");
        cluster.Open(a, task: "report");
        cluster.Advance(5);
        cluster.Move(a, b, task: "report");
        cluster.Advance(30);
        Assert.Equal(["a 0", "b 30"], _journal.Of(0));
        Assert.Equal([0, 1], _journal.Runs.Select(run => run.Failures));

        b.Loops["report"].Pause("maintenance");
        cluster.Move(b, a, task: "report");
        cluster.Advance(100);
        Assert.Equal(2, _journal.Runs.Count);
        Assert.Equal("maintenance", a.Loops["report"].Snapshot().StateReason);
    }

    [Fact]
    public void A_lost_lease_cancels_it_and_another_host_begins_at_the_watermark()
    {
        using var cluster = Create(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a", lease: Ten), cluster.Start("b"));
        _step = (iteration, token) =>
            new(iteration.FencingToken == 101 ? new TaskCompletionSource().Task.WaitAsync(token) : Task.CompletedTask);
        cluster.Open(a, task: "report");
        cluster.Advance(5);
        Assert.Equal(-1e-7, a.Watermark("report"), 8);
        cluster.Advance(5);

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.ShardLost),
            (a.Loops.Records("report").Single().Outcome, a.Loops.Records("report").Single().Reason));
        cluster.Open(b, watermark: LoopHost.Start - TimeSpan.FromTicks(1), task: "report");
        cluster.Advance(5);
        Assert.Equal(["a 0", "b 10"], _journal.Of(0)); // slot 0 was noticed too late
        Assert.Equal(15, b.Watermark("report"));
    }

    [Fact]
    public void One_that_has_ended_stays_ended_on_the_next_host()
    {
        using var cluster = Create(task => task.Every(Ten).StopAfterFailures(1));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        _step = (_, _) => throw new IOException("on purpose");
        cluster.Open(a, task: "report");
        cluster.Advance(5);
        cluster.Move(a, b, task: "report");
        cluster.Advance(50);

        Assert.Single(_journal.Runs);
        Assert.Equal(LoopEnd.Failures, b.Loops["report"].Snapshot().End);
    }

    [Fact]
    public void Changed_options_keep_the_epoch()
    {
        using var cluster = Create(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a, task: "report");
        cluster.Advance(5);
        a.Loops.Configuration["RecurringTasks:report:Every"] = "00:00:04";
        a.Loops.Configuration.Reload();
        cluster.Advance(8);

        Assert.Equal(["a 0", "a 8", "a 12"], _journal.Of(0));
        Assert.All(_journal.Runs, run => Assert.Equal(101, run.Token));
    }

    [Fact]
    public void A_task_that_is_added_at_run_time_cannot_be_in_a_cluster()
    {
        using var cluster = Create(task => task.Every(Ten));
        var a = cluster.Start("a");

        var error = Assert.Throws<InvalidRecurringTaskException>(
            () => a.Loops.Tasks.Add("late", task => task.Step("run", (_, _) => default).Every(Ten).InCluster()));
        Assert.Contains("InCluster cannot be set for a task that is added at run time", Assert.Single(error.Problems));
    }

    private ClusterHosts Create(Action<IRecurringTaskBuilder> configure) => new(
        task => task.Every(Ten),
        services => configure(services
            .AddRecurringTask("report", (Tick.Place at, Iteration iteration, CancellationToken token) =>
                RunAsync(at.Host, iteration, token))
            .InCluster()));

    private ValueTask RunAsync(string host, Iteration iteration, CancellationToken token)
    {
        _journal.Add(new(host, 0, iteration.Slot, iteration.Number, iteration.ConsecutiveFailures, iteration.FencingToken));
        return _step(iteration, token);
    }
}
