using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>What users and operators do while a shard opens or closes, and what becomes of it.</summary>
public class BetweenOwnersTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_pause_of_the_whole_task_is_that_of_its_host_and_does_not_move()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        a.Keys.Pause("maintenance");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(15);
        Assert.Equal(["0 Skipped Paused", "10 Skipped Paused"], a.Outcomes(1));

        cluster.Move(a, b);
        cluster.Advance(10);
        Assert.Equal(["b 20"], cluster.Journal.Of(1));

        var memory = cluster.Close(b);
        a.Keys.Resume();
        cluster.Open(a, memory);
        cluster.Advance(10);
        Assert.Equal(["b 20", "a 30"], cluster.Journal.Of(1));
    }

    [Fact]
    public void A_pause_of_the_whole_task_holds_for_a_shard_that_is_closing()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).OnOverlap(Overlap.BufferAll, 10));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (host, _, _, _) => new(host == "a" ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(2);
        var closed = Close(a, drain: 60);
        a.Keys.Pause("maintenance");
        cluster.Advance(10);
        a.Loops.Release(end);
        a.Keys.Resume();
        cluster.Open(b, a.ResultOf(closed));
        cluster.Advance(10);

        Assert.Equal(["a 0", "b 10", "b 20"], cluster.Journal.Of(1));
    }

    [Fact]
    public void A_pause_whose_end_came_between_the_owners_is_over()
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten).OnMissed(MissedSlots.RunAll),
            services => services.AddRecurringTask("report", (_, _) => default(ValueTask)).Every(Ten).InCluster());
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        cluster.Open(a, task: "report");
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        var until = LoopHost.Start + TimeSpan.FromSeconds(15);
        a.Loops.Wait(a.Keys.Find(1)!.PauseAsync("maintenance", until: until));
        a.Loops.Wait(a.Loops["report"].PauseAsync("maintenance", until: until));
        cluster.Advance(2);
        var (memory, report) = (cluster.Close(a), cluster.Close(a, task: "report"));
        cluster.Advance(20);
        cluster.Open(b, memory);
        cluster.Open(b, report, task: "report");
        cluster.Advance(10);

        Assert.Equal(["a 0", "b 10", "b 20", "b 30"], cluster.Journal.Of(1)); // 10 was noticed after the pause
        Assert.Equal((RecurringTaskState.Waiting, RecurringTaskState.Waiting),
            (b.Keys.Find(1)!.State, b.Loops["report"].State));
    }

    [Fact]
    public void The_handle_of_a_key_that_has_moved_says_so()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        var (parked, pinned) = (a.Keys.Find(1)!, a.Keys.Find(2)!);
        a.ResultOf(pinned.RunNowAsync());
        cluster.Advance(5);
        cluster.Move(a, b);

        foreach (var handle in new[] { parked, pinned })
        {
            Assert.Equal((RecurringTaskState.Ended, LoopEnd.Moved), (handle.State, handle.Snapshot().End));
            var run = a.ResultOf(handle.RunNowAsync());
            Assert.Equal((IterationOutcome.Skipped, OutcomeReason.Disabled), (run.Outcome, run.Reason));
            Assert.Equal("Another host of the cluster runs the loop.", run.Error);
            handle.Pause("too late");
            handle.Resume();
            handle.Stop("too late");
            handle.Start();
        }
        cluster.Advance(10);
        Assert.Equal("b 10", cluster.Journal.Of(1)[^1]);
        Assert.Equal("b 10", cluster.Journal.Of(2)[^1]);
        Assert.Null(a.Keys.Find(1));
    }

    [Fact]
    public void A_run_by_hand_while_a_shard_closes_is_refused_and_not_lost()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, _, _, _) => new(end.Task);
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        var (running, parked) = (a.Keys.Find(1)!, a.Keys.Find(2)!);
        cluster.Advance(2);
        var closed = Close(a, drain: 60);

        Assert.Equal(OutcomeReason.Disabled, a.ResultOf(running.RunNowAsync()).Reason);
        Assert.Equal(OutcomeReason.Disabled, a.ResultOf(parked.RunNowAsync()).Reason);
        a.Loops.Release(end);
        Assert.NotNull(a.ResultOf(closed));
    }

    [Fact]
    public void A_key_that_is_removed_while_its_iteration_drains_has_moved_already()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (host, _, _, _) => new(host == "a" ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(2);
        var closed = Close(a, drain: 60);

        Assert.False(a.Keys.TryRemove(1));
        Assert.Throws<InvalidOperationException>(() => a.Keys.TryAdd(1));
        a.Loops.Release(end);
        cluster.Open(b, a.ResultOf(closed));
        Assert.True(b.Keys.TryRemove(1));
        cluster.Advance(20);
        Assert.Equal(["a 0"], cluster.Journal.Of(1));
    }

    [Fact]
    public void A_key_that_was_removed_before_its_shard_closes_does_not_come_back()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, _, _, _) => new(end.Task);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(2);
        Assert.True(a.Keys.TryRemove(1)); // its step ignores its token
        var memory = cluster.Close(a);
        cluster.Open(b, memory);

        Assert.Empty(b.Keys.Keys);
        a.Loops.Release(end);
    }

    [Fact]
    public void Options_that_are_changed_while_a_shard_closes_apply_to_the_shards_that_are_opened_later()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, _, iteration, _) => new(iteration.FencingToken == 101 ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        var closed = Close(a, drain: 60);
        a.Loops.Configuration["RecurringTasks:tick:Every"] = "00:00:04";
        a.Loops.Configuration.Reload();
        a.Loops.Release(end);
        cluster.Open(a, a.ResultOf(closed));
        cluster.Advance(8);

        Assert.Equal(["a 0", "a 8", "a 12"], cluster.Journal.Of(1));
    }

    [Fact]
    public void Options_of_one_key_do_not_move_and_neither_does_the_plan_by_them()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(1);
        a.Loops.Wait(a.Keys.Find(1)!.ChangeAsync(options => options.Every = TimeSpan.FromSeconds(3)));
        cluster.Advance(4);
        cluster.Move(a, b);
        cluster.Advance(10);

        Assert.Equal(["a 0", "a 3", "b 10"], cluster.Journal.Of(1));
    }

    [Fact]
    public void A_key_that_was_stopped_and_started_again_goes_on()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        cluster.Advance(1);
        a.Keys.Find(1)!.Stop("enough");
        a.Keys.Find(2)!.Stop("enough");
        cluster.Advance(1);
        a.Keys.Find(2)!.Start();
        cluster.Advance(3);
        cluster.Move(a, b);
        cluster.Advance(10);

        Assert.Equal(LoopEnd.Stopped, b.Keys.Find(1)!.Snapshot().End);
        Assert.Equal("b 10", cluster.Journal.Of(2)[^1]);

        b.Keys.Find(1)!.Start();
        cluster.Advance(1);
        cluster.Move(b, a);
        cluster.Advance(10);
        Assert.Equal("a 20", cluster.Journal.Of(1)[^1]);
    }

    [Fact]
    public void An_ordinary_task_is_paused_stopped_and_changed_only_where_it_runs()
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten),
            services => services.AddRecurringTask("report", (_, _) => default(ValueTask)).Every(Ten).InCluster());
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, task: "report");

        const string Sentence = "on this host, which does not own it: another host of the cluster runs it. "
            + "Use IRecurringTaskCluster, which sends the operation to the owner.";
        Action<RecurringTaskHandle>[] all = [task => task.Pause(), task => task.Resume(), task => task.Stop()];
        foreach (var act in all)
            Assert.EndsWith(Sentence, Assert.Throws<InvalidOperationException>(() => act(b.Loops["report"])).Message);

        a.Loops["report"].Pause("maintenance");
        cluster.Move(a, b, task: "report");
        Assert.Equal("maintenance", b.Loops["report"].Snapshot().StateReason);
        b.Loops["report"].Resume();
        Assert.Equal(RecurringTaskState.Waiting, b.Loops["report"].State);
    }

    [Fact]
    public void What_a_next_owner_shows_of_a_failing_key_is_true()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (_, _, _, _) => throw new IOException("on purpose");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(15);
        Assert.Equal("IOException: on purpose", a.Keys.Find(1)!.Snapshot().LastError);
        cluster.Move(a, b);

        var shown = b.Keys.Find(1)!.Snapshot();
        Assert.Equal((2, IterationOutcome.Failed), (shown.ConsecutiveFailures, shown.LastOutcome));
        Assert.Equal(LoopHost.Start + TimeSpan.FromSeconds(10), shown.LastEnded);
        Assert.Null(shown.LastError); // its text stays where it was logged
        Assert.Null(Assert.Single(b.Keys.FindFailing(10)).LastError);
        Assert.Empty(a.Keys.FindFailing(10));
    }

    private static Task<byte[]?> Close(ClusterHosts.Host host, double drain)
    {
        var closed = host.All.CloseAsync("tick", ClusterHosts.Whole, TimeSpan.FromSeconds(drain), default);
        host.Loops.Settle();
        return closed;
    }
}
