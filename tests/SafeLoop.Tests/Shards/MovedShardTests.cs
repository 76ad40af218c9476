using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>A shard moves from one host to another with the state of its loops: no slot is lost or runs twice.</summary>
public class MovedShardTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void Loops_go_on_where_they_were()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        cluster.Advance(25);

        cluster.Move(a, b);
        cluster.Advance(20);

        Assert.Equal(["a 0", "a 10", "a 20", "b 30", "b 40"], cluster.Journal.Of(1));
        Assert.Equal(cluster.Journal.Of(1), cluster.Journal.Of(2));
        Assert.Equal([1, 2, 3, 4, 5], cluster.Journal.Runs.Where(run => run.Key == 1).Select(run => run.Number));
        Assert.Equal((0, 2), (a.Keys.Count, b.Keys.Count));
    }

    [Fact]
    public void Iterations_have_the_epoch_of_their_shard_as_fencing_token()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        cluster.Move(a, b);
        cluster.Advance(10);

        Assert.Equal([101, 102], cluster.Journal.Runs.Select(run => run.Token));
    }

    [Fact]
    public void A_slot_that_comes_due_between_the_hosts_runs_on_the_next_one()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(9);
        var memory = cluster.Close(a);
        cluster.Advance(3);
        cluster.Open(b, memory);
        cluster.Advance(10);

        Assert.Equal(["a 0", "b 10", "b 20"], cluster.Journal.Of(1));
        Assert.Equal(["0 Succeeded None"], a.Outcomes(1));
    }

    [Fact]
    public void Nothing_is_published_of_parked_loops_that_move()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        cluster.Move(a, b);

        Assert.Empty(a.Loops.Observer.Of(LoopEventKind.LoopEnded));
        Assert.Equal(
            ["Shard 0/1, epoch 101: as new.", "Shard 0/1, epoch 101: 1 loops are handed over."],
            a.Loops.Observer.Events.Where(e => e.Kind is LoopEventKind.ShardOpened or LoopEventKind.ShardClosed)
                .Select(e => e.Text));
        Assert.Equal(
            "Shard 0/1, epoch 102: with 1 loops of the host before.",
            Assert.Single(b.Loops.Observer.Of(LoopEventKind.ShardOpened)).Text);
    }

    [Fact]
    public void A_key_that_arrives_while_its_shard_is_being_opened_goes_on_where_it_was()
    {
        ClusterHosts.Host? b = null;
        var arrival = new Arrival(() => Assert.Throws<InvalidOperationException>(() => b!.Keys.TryAdd(2)));
        using var cluster = new ClusterHosts(
            task => task.Every(Ten), services => services.AddSingleton<IRecurringTaskObserver>(arrival));
        var a = cluster.Start("a");
        b = cluster.Start("b");
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2));
        cluster.Advance(5);
        var memory = cluster.Close(a);
        cluster.Advance(7);
        arrival.IsArmed = true;
        cluster.Open(b, memory);
        cluster.Advance(10);

        Assert.False(arrival.IsArmed);
        Assert.Equal(["a 0", "b 10", "b 20"], cluster.Journal.Of(2));
        Assert.False(b.Keys.TryAdd(2));
    }

    [Fact]
    public void Failures_and_the_back_off_move()
    {
        using var cluster = new ClusterHosts(
            task => task.Every(Ten).BackOff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 2, 0));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (_, _, _, _) => throw new IOException("on purpose");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        cluster.Move(a, b);
        cluster.Advance(60);
        cluster.Move(b, a);
        cluster.Advance(60);

        Assert.Equal(["a 0", "b 30", "a 90"], cluster.Journal.Of(1));
        Assert.Equal([0, 1, 2], cluster.Journal.Runs.Select(run => run.Failures));
    }

    [Fact]
    public void A_slot_that_a_step_selected_moves()
    {
        using var cluster = new ClusterHosts(task => task.WithDelay(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (_, _, iteration, _) =>
        {
            if (iteration.Number == 1)
                iteration.NextIn(TimeSpan.FromSeconds(37));
            return default;
        };
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        cluster.Move(a, b);
        cluster.Advance(50);

        Assert.Equal(["a 0", "b 37", "b 47"], cluster.Journal.Of(1));
    }

    [Fact]
    public void A_running_iteration_drains_before_its_loop_moves()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (_, _, iteration, token) =>
            new(iteration.Number == 1 ? end.Task.WaitAsync(token) : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(2);

        var closed = a.Shards.CloseAsync(ClusterHosts.Whole, TimeSpan.FromSeconds(5), default);
        cluster.Advance(3);
        Assert.False(closed.IsCompleted);
        end.SetResult();
        cluster.Open(b, a.ResultOf(closed));
        cluster.Advance(10);

        Assert.Equal(["0 Succeeded None"], a.Outcomes(1));
        Assert.Equal(["a 0", "b 10"], cluster.Journal.Of(1));
    }

    [Fact]
    public void An_iteration_that_drains_too_long_is_cancelled()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (host, _, _, token) =>
            new(host == "a" ? new TaskCompletionSource().Task.WaitAsync(token) : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(2);

        var closed = a.Shards.CloseAsync(ClusterHosts.Whole, TimeSpan.FromSeconds(5), default);
        cluster.Advance(5);
        cluster.Open(b, a.ResultOf(closed));
        cluster.Advance(10);

        Assert.Equal(["0 Interrupted ShardLost"], a.Outcomes(1));
        Assert.Equal(["a 0", "b 10"], cluster.Journal.Of(1));
    }

    [Fact]
    public void A_step_that_ignores_its_token_does_not_hold_the_shard()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        var end = new TaskCompletionSource();
        cluster.Journal.Step = (host, _, _, _) => new(host == "a" ? end.Task : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(2);

        using var giveUp = new CancellationTokenSource();
        var closed = a.Shards.CloseAsync(ClusterHosts.Whole, TimeSpan.Zero, giveUp.Token);
        cluster.Advance(1);
        Assert.False(closed.IsCompleted);
        giveUp.Cancel();
        cluster.Open(b, a.ResultOf(closed));
        cluster.Advance(10);
        a.Loops.Release(end);

        Assert.Equal(["a 0", "b 10"], cluster.Journal.Of(1));
        Assert.Equal(
            "Shard 0/1, epoch 101: 1 loops are handed over, 1 of them with an iteration that has not ended.",
            Assert.Single(a.Loops.Observer.Of(LoopEventKind.ShardClosed)).Text);
    }

    [Fact]
    public void Slots_in_the_buffer_of_a_loop_are_due_on_the_next_host()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).OnOverlap(Overlap.BufferAll, 10));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (host, _, iteration, token) =>
            new(host == "a" && iteration.Number == 2 ? new TaskCompletionSource().Task.WaitAsync(token) : Task.CompletedTask);
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(45); // 10 runs, 20 to 40 wait

        cluster.Move(a, b);
        cluster.Advance(10);

        Assert.Equal(["0 Succeeded None", "10 Interrupted ShardLost"], a.Outcomes(1));
        // As for any host that notices them late: the latest runs, and the others are recorded.
        Assert.Equal(["30 Skipped Missed", "40 Succeeded None", "50 Succeeded None"], b.Outcomes(1));
        Assert.Equal(2, b.Loops.Observer.Of(LoopEventKind.IterationEnded)[0].Record.Count);
    }

    [Fact]
    public void A_run_by_hand_that_waits_gets_an_answer_and_its_caller_no_lost_run()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).OnOverlap(Overlap.BufferAll, 10));
        var a = cluster.Start("a");
        cluster.Journal.Step = (_, _, _, token) => new(new TaskCompletionSource().Task.WaitAsync(token));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(1);
        var run = a.Keys.Find(1)!.RunNowAsync();
        a.Loops.Settle();

        cluster.Close(a);
        var record = a.ResultOf(run);

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.ShardLost, true),
            (record.Outcome, record.Reason, record.IsManual));
    }

    [Fact]
    public void Keys_that_have_ended_or_are_paused_stay_so()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten).StopAfterFailures(1));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Journal.Step = (_, key, _, _) => key == 1 ? throw new IOException("on purpose") : default;
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(1) & a.Keys.TryAdd(2) & a.Keys.TryAdd(3));
        cluster.Advance(1);
        a.Loops.Wait(a.Keys.Find(2)!.PauseAsync("maintenance", by: "ops", until: LoopHost.Start + TimeSpan.FromSeconds(35)));
        cluster.Advance(4);

        cluster.Move(a, b);
        cluster.Advance(10);
        Assert.Equal(LoopEnd.Failures, b.Keys.Find(1)!.Snapshot().End);
        Assert.Equal(("maintenance", "ops"), (b.Keys.Find(2)!.Snapshot().Pause!.Reason, b.Keys.Find(2)!.Snapshot().Pause!.By));
        cluster.Advance(30);

        Assert.Equal(["a 0"], cluster.Journal.Of(1));
        Assert.Equal(["a 0", "b 40"], cluster.Journal.Of(2));
        Assert.Equal(["10 Skipped Paused", "20 Skipped Paused", "30 Skipped Paused", "40 Succeeded None"], b.Outcomes(2));
    }

    [Fact]
    public void A_key_whose_handle_was_used_moves_like_any_other()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        a.Keys.TryAdd(1);
        var run = a.Keys.Find(1)!.RunNowAsync();
        a.Loops.Wait(run);
        cluster.Advance(15);

        cluster.Move(a, b);
        a.Keys.Find(1)?.Start();
        cluster.Advance(10);

        Assert.Null(a.Keys.Find(1));
        Assert.Equal(["a 10", "b 20"], cluster.Journal.Of(1).Skip(1));
    }

    [Fact]
    public void A_key_is_added_only_on_the_host_that_owns_its_shard()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a, shard: new(0, 2));
        cluster.Open(b, shard: new(1, 2));

        for (var key = 0; key < 20; key++)
        {
            var (owner, other) = KeyShard.FromKey(key, 2).Index == 0 ? (a, b) : (b, a);
            Assert.True(owner.Keys.TryAdd(key));
            var error = Assert.Throws<InvalidOperationException>(() => other.Keys.TryAdd(key));
            Assert.Equal(
                "The key cannot be added on this host, which does not own its shard of recurring task 'tick'. Add it with "
                    + "IRecurringTaskCluster.AddAsync, which sends it to the owner.",
                error.Message);
        }
        Assert.Equal(20, a.Keys.Count + b.Keys.Count);
    }

    [Fact]
    public void Changed_options_apply_to_open_shards_and_keep_the_epoch()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);

        a.Loops.Configuration["RecurringTasks:tick:Every"] = "00:00:04";
        a.Loops.Configuration.Reload();
        cluster.Advance(8);

        Assert.Equal(["a 0", "a 8", "a 12"], cluster.Journal.Of(1));
        Assert.All(cluster.Journal.Runs, run => Assert.Equal(101, run.Token));
    }

    [Fact]
    public void A_loop_that_was_planned_by_another_schedule_begins_by_that_of_its_new_host()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        b.Loops.Configuration["RecurringTasks:tick:Every"] = "00:00:04";
        b.Loops.Configuration.Reload();
        cluster.Open(a);
        a.Keys.TryAdd(1);
        cluster.Advance(5);
        cluster.Move(a, b);
        cluster.Advance(8);

        Assert.Equal(["a 0", "b 8", "b 12"], cluster.Journal.Of(1));
        Assert.Equal([1, 2, 3], cluster.Journal.Runs.Select(run => run.Number));
    }

    [Fact]
    public void Keys_with_their_own_schedules_move()
    {
        using var cluster = new ClusterHosts(task => task.Every((int key) => TimeSpan.FromSeconds(key)));
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Open(a);
        Assert.True(a.Keys.TryAdd(10) & a.Keys.TryAdd(15));
        cluster.Advance(12);
        cluster.Move(a, b);
        cluster.Advance(20);

        Assert.Equal(["a 0", "a 10", "b 20", "b 30"], cluster.Journal.Of(10));
        Assert.Equal(["a 0", "b 15", "b 30"], cluster.Journal.Of(15));
        Assert.Equal([102, 102, 102, 102], cluster.Journal.Runs.Where(run => run.Host == "b").Select(run => run.Token));
    }

    [Fact]
    public void A_shard_cannot_be_opened_twice_or_closed_when_it_is_not_open()
    {
        using var cluster = new ClusterHosts(task => task.Every(Ten));
        var a = cluster.Start("a");
        cluster.Open(a, shard: new(1, 4));

        Assert.Equal(
            "Shard 1/4 of recurring task 'tick' cannot be opened: it is open with epoch 101.",
            Assert.Throws<InvalidOperationException>(() => cluster.Open(a, shard: new(1, 4))).Message);
        Assert.Equal(
            "Shard 2/4 of recurring task 'tick' is not open on this host.",
            Assert.Throws<InvalidOperationException>(() => { cluster.Close(a, shard: new(2, 4)); }).Message);
        Assert.Equal(
            "Shard 1/8 of recurring task 'tick' cannot be opened: the task is divided into 4 shards, some of which are open. "
                + "Close them first.",
            Assert.Throws<ArgumentException>(() => cluster.Open(a, shard: new(3, 8))).Message.Replace("3/8", "1/8"));
    }

    /// <summary>Does something when the first loop is added.</summary>
    private sealed class Arrival(Action act) : IRecurringTaskObserver
    {
        public bool IsArmed { get; set; }

        public void OnEvent(in LoopEvent loopEvent)
        {
            if (!IsArmed || loopEvent.Kind is not LoopEventKind.LoopStarted)
                return;
            IsArmed = false;
            act();
        }
    }
}
