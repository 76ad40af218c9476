using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Tests.Keys;

public class KeyedControlTests
{
    [Fact]
    public void A_handle_shows_and_controls_one_key()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a", "b");
        poll.Advance(10);
        var handle = poll.Pin("a");
        Assert.Same(handle, poll.Keys.Find("a"));
        Assert.Empty(handle.History);

        poll.Advance(10);
        var run = handle.RunNowAsync();
        poll.Host.Wait(run);
        handle.Pause("by hand");
        poll.Advance(20);
        Assert.Equal((RecurringTaskState.Paused, "by hand", 4L, 2L),
            (handle.State, handle.Snapshot().StateReason, handle.Snapshot().Iterations, handle.Snapshot().Skipped));
        handle.Resume();
        poll.Advance(10);

        Assert.Equal(5, handle.Snapshot().Iterations);
        Assert.Equal([0, 10, 20, 20, 50], poll.Script.Of("a"));
        Assert.Equal([0, 10, 20, 30, 40, 50], poll.Script.Of("b"));
        Assert.Equal(LoopHost.Start + 60.Seconds, handle.UpcomingSlots(1)[0].Slot);
    }

    [Fact]
    public void A_handle_of_a_running_key_takes_the_loop_over_as_it_runs()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, iteration, _) => iteration.Number == 2 ? new(gate.Task) : ValueTask.CompletedTask;
        poll.Add("a");
        poll.Advance(12);

        var handle = poll.Pin("a");
        Assert.Equal((RecurringTaskState.Running, 1), (handle.State, handle.Snapshot().Running));
        poll.Host.Release(gate);
        poll.Advance(8);

        Assert.Equal([2, 3], handle.History.Select(record => record.Number));
        Assert.Equal([0, 10, 20], poll.Script.Of("a"));
    }

    [Fact]
    public void A_key_with_a_handle_goes_when_it_is_removed_and_can_be_added_again()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        var handle = poll.Pin("a");

        Assert.True(poll.Keys.TryRemove("a"));
        poll.Host.Settle();
        Assert.Equal((RecurringTaskState.Ended, LoopEnd.Removed), (handle.State, handle.Snapshot().End));
        poll.Add("a");
        // The end of the old loop is reported on a thread of the pool.
        Assert.True(SpinWait.SpinUntil(Runs, ThreadedLoopHost.Patience));
        poll.Advance(10);

        bool Runs()
        {
            poll.Host.Settle();
            return poll.Script.Runs.Count == 2;
        }

        Assert.Equal([0, 0, 10], poll.Script.Of("a"));
        Assert.NotSame(handle, poll.Keys.Find("a"));
    }

    [Fact]
    public void A_key_with_a_handle_is_stopped_and_started_like_a_task()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        handle.Stop("enough");
        poll.Advance(30);
        Assert.Equal(RecurringTaskState.Ended, handle.State);

        handle.Start();
        poll.Advance(10);
        Assert.Equal([0, 30, 40], poll.Script.Of("a"));
        Assert.Equal(("a", 3L), poll.Script.Iterations[^1]);
    }

    [Fact]
    public void All_keys_are_paused_and_resumed_together()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a", "b");
        poll.Keys.Pause("maintenance");
        poll.Advance(20);
        Assert.Equal(2, poll.Script.Runs.Count);
        Assert.Equal(2, poll.Ended("a").Count(e => e.Record.Reason is OutcomeReason.Paused));

        poll.Keys.Resume();
        poll.Advance(10);
        Assert.Equal([0, 30], poll.Script.Of("b"));
    }

    [Fact]
    public void A_key_that_was_paused_after_its_failures_stays_so_alone_and_is_resumed_by_its_handle()
    {
        var fails = true;
        using var poll = new PollHost(task => task.Every(10.Seconds).PauseAfterFailures(2));
        poll.Script.Step = (key, _, _) => fails && key == "bad" ? throw new FormatException() : ValueTask.CompletedTask;
        poll.Add("bad", "good");
        poll.Advance(50);
        Assert.Equal([0, 10], poll.Script.Of("bad"));
        Assert.Equal(6, poll.Script.Of("good").Length);

        poll.Keys.Pause();
        poll.Keys.Resume();
        poll.Advance(10);
        Assert.Equal([0, 10], poll.Script.Of("bad"));

        fails = false;
        var handle = poll.Keys.Find("bad")!;
        Assert.Equal(RecurringTaskState.Paused, handle.State);
        handle.Resume();
        poll.Advance(10);
        Assert.Equal([0, 10, 70], poll.Script.Of("bad"));
    }

    [Fact]
    public void So_many_run_at_a_time_and_the_others_have_their_turn_in_order()
    {
        var gates = new Dictionary<string, TaskCompletionSource>();
        using var poll = new PollHost(task => task.Every(100.Seconds).Concurrency(2));
        poll.Script.Step = (key, _, _) => new((gates[key] = new TaskCompletionSource()).Task);
        poll.Add("a", "b", "c", "d", "e");
        Assert.Equal(["a", "b"], gates.Keys);

        poll.Host.Release(gates["b"]);
        Assert.Equal(["a", "b", "c"], gates.Keys);
        Assert.True(poll.Keys.TryRemove("d")); // one that waits
        poll.Host.Release(gates["a"]);
        Assert.Equal(["a", "b", "c", "e"], gates.Keys);
        poll.Host.Release(gates["c"]);
        poll.Host.Release(gates["e"]);
        Assert.Equal(5 - 1, poll.Host.Records().Count(record => record.Outcome is IterationOutcome.Succeeded));
    }

    [Fact]
    public void A_key_that_is_started_again_keeps_its_phase_and_is_paused_with_the_others()
    {
        using var poll = new PollHost(task => task.Every(1000.Seconds).Spread());
        poll.Add("a", "b");
        poll.Advance(1000);
        int[] phases = [poll.Script.Of("a")[0], poll.Script.Of("b")[0]];
        foreach (var key in (string[])["a", "b"])
        {
            poll.Keys.Find(key)!.Stop();
            poll.Keys.Find(key)!.Start();
        }
        poll.Host.WaitFor(LoopEventKind.LoopStarted, 4); // the new loops begin on threads of their own
        poll.Script.Runs.Clear();
        poll.Advance(1000);
        Assert.Equal(phases, new[] { poll.Script.Of("a")[0] - 1000, poll.Script.Of("b")[0] - 1000 });

        poll.Keys.Pause("maintenance");
        poll.Advance(1000);
        Assert.Equal(2, poll.Script.Runs.Count);
        Assert.Equal((RecurringTaskState.Paused, "maintenance"),
            (poll.Keys.Find("a")!.State, poll.Keys.Find("a")!.Snapshot().StateReason));
    }

    [Theory]
    [InlineData(3600, 0, 10)]
    [InlineData(-900, 0, 200)] // on a grid that began long ago, and past one of its points
    [InlineData(-900, 500, 550)]
    public void Keys_that_wait_for_StartAt_keep_their_phases_when_they_are_looked_at_or_the_clock_is_set(
        int startAt, int startAfter, int disturbedAt)
    {
        string[] keys = ["a", "b", "c", "d"];
        var undisturbed = FirstRuns(_ => { });

        Assert.True(undisturbed.Distinct().Count() > 2);
        Assert.Equal(undisturbed, FirstRuns(poll => Assert.All(keys, key => poll.Pin(key))));
        Assert.Equal(undisturbed, FirstRuns(poll => poll.Host.Clock.SetWallClock(poll.Host.Clock.GetUtcNow())));

        int[] FirstRuns(Action<PollHost> disturb)
        {
            using var poll = new PollHost(task => task.Every(1000.Seconds).Spread().StartAt(LoopHost.Start + startAt.Seconds)
                .StartAfter(startAfter.Seconds));
            poll.Add(keys);
            poll.Advance(disturbedAt);
            disturb(poll);
            poll.Advance(3600 + 1000);
            return [.. keys.Select(key => poll.Script.Of(key)[0])];
        }
    }

    [Fact]
    public void Cron_keys_that_are_not_observed_are_spread_too()
    {
        string[] keys = ["a", "b", "c", "d"];
        using var poll = new PollHost(task => task.Cron("0 * * * *").Spread());
        poll.Add(keys);
        poll.Advance(3660);

        Assert.True(keys.Select(key => poll.Script.Of(key)[0]).Distinct().Count() > 2);
    }

    [Fact]
    public void A_cron_task_follows_the_wall_clock_with_all_its_keys()
    {
        using var poll = new PollHost(task => task.Cron("0 * * * *"));
        poll.Add("a", "b");
        poll.Advance(60);
        poll.Host.Clock.SetWallClock(LoopHost.Start + 59.Minutes);
        poll.Advance(63);

        Assert.Equal(["a", "b"], poll.Script.Runs.Select(run => run.Key).Order());
        Assert.All(poll.Host.Records(), record => Assert.Equal(LoopHost.Start + 1.Hours, record.Slot));
    }

    [Fact]
    public async Task Health_counts_the_keys_that_fail()
    {
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (key, _, _) => key.StartsWith("bad", StringComparison.Ordinal)
            ? throw new FormatException()
            : ValueTask.CompletedTask;
        poll.Add("bad 1", "bad 2", "good");

        var report = await poll.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("'poll' is failing for 2 of 3 keys", report.Entries.Single().Value.Description);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Health_counts_the_keys_whose_delay_policy_is_broken(bool kept)
    {
        var broken = true;
        using var poll = new PollHost(task =>
        {
            task.DelayBy(new ScriptedPolicy((history, now) => history.Iterations == 0 ? now
                : broken ? throw new FormatException()
                : now + 1.Minutes));
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Add("a", "b");
        if (kept)
            Assert.All(poll.Keys.Keys, key => poll.Pin(key));
        poll.Advance(kept ? 60 : 0);
        var report = await poll.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("'poll' has a broken delay policy for 2 of 2 keys", report.Entries.Single().Value.Description);

        broken = false;
        poll.Advance(60);
        report = await poll.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
    }
}
