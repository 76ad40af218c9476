using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Tests.Keys;

/// <summary>Which keys fail, are slow or paused, and why, without an observer.</summary>
public class FailingKeysTests
{
    [Fact]
    public void Failing_keys_are_found_with_their_last_error_those_with_the_most_failures_first()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).WithTimeout(5.Seconds));
        var since = new Dictionary<string, int> { ["k2"] = 0, ["k5"] = 20, ["k7"] = 10 };
        poll.Script.Step = (key, iteration, token) =>
        {
            if (!since.TryGetValue(key, out var second) || iteration.Slot < LoopHost.Start + TimeSpan.FromSeconds(second))
                return ValueTask.CompletedTask;
            return key == "k7" ? Cancelled.By(token) : throw new FormatException($"{key} in iteration {iteration.Number}");
        };
        poll.Add([.. Enumerable.Range(0, 9).Select(i => $"k{i}")]);
        poll.Advance(28);

        var failing = poll.Keys.FindFailing(10);
        Assert.Equal(["k2", "k7", "k5"], failing.Select(key => key.Key));
        Assert.Equal([3, 2, 1], failing.Select(key => key.ConsecutiveFailures));
        Assert.Equal("FormatException: k2 in iteration 3", failing[0].LastError);
        Assert.Equal(IterationOutcome.TimedOut, failing[1].LastOutcome);
        Assert.Equal(3, failing[0].Iterations);
        Assert.Equal((LoopHost.Start + 20.Seconds, LoopHost.Start + 30.Seconds), (failing[0].LastEnded, failing[0].NextSlot));
        Assert.Equal(["k2"], poll.Keys.FindFailing(1).Select(key => key.Key));
        Assert.Empty(poll.Keys.FindFailing(0));

        since.Clear();
        poll.Advance(10);
        Assert.Empty(poll.Keys.FindFailing(10));
    }

    [Fact]
    public async Task A_key_that_failures_have_ended_is_found_and_started_again_by_its_handle()
    {
        var fails = true;
        using var poll = new PollHost(task => task.Every(10.Seconds).StopAfterFailures(2));
        poll.Script.Step = (key, _, _) => fails && key == "bad"
            ? throw new FormatException("no number")
            : ValueTask.CompletedTask;
        poll.Add("bad", "good");
        poll.Advance(50);

        var ended = Assert.Single(poll.Keys.FindFailing(10));
        Assert.Equal((RecurringTaskState.Ended, LoopEnd.Failures, 2), (ended.State, ended.End, ended.Iterations));
        Assert.Equal("FormatException: no number", ended.LastError);
        Assert.Equal((0, 1), (poll.Host["poll"].Snapshot().Keys!.Failing, poll.Host["poll"].Snapshot().Keys!.Ended));
        var handle = poll.Keys.Find("bad")!;
        var snapshot = handle.Snapshot();
        Assert.Equal((RecurringTaskState.Ended, LoopEnd.Failures, 2), (handle.State, snapshot.End, snapshot.Failed));
        Assert.Equal(LoopEnd.Failures, await handle.Completion);

        fails = false;
        handle.Start();
        poll.Advance(10);
        Assert.Equal([0, 10, 50, 60], poll.Script.Of("bad"));
        Assert.Equal(RecurringTaskState.Waiting, handle.State);
        Assert.Empty(poll.Keys.FindFailing(10));
        Assert.True(poll.Keys.TryRemove("bad"));
    }

    [Fact]
    public void Paused_keys_are_found_whether_by_hand_or_after_failures()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).PauseAfterFailures(2));
        poll.Script.Step = (key, _, _) => key == "bad" ? throw new FormatException("no number") : ValueTask.CompletedTask;
        poll.Add("a", "b", "bad");
        poll.Keys.Find("a")!.Pause("look into it");
        poll.Advance(30);

        var paused = poll.Keys.FindPaused(10).OrderBy(key => key.Key).ToArray();
        Assert.Equal(["a", "bad"], paused.Select(key => key.Key));
        Assert.Equal(["look into it", "Paused after failures in a row."], paused.Select(key => key.StateReason));
        Assert.Equal([null, "FormatException: no number"], paused.Select(key => key.LastError));
        Assert.All(paused, key => Assert.Equal(RecurringTaskState.Paused, key.State));

        poll.Keys.Pause("all");
        Assert.Equal(2, poll.Keys.FindPaused(10).Count);
    }

    [Fact]
    public void The_slowest_keys_are_found_by_their_last_iteration_or_the_one_that_runs()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(100.Seconds));
        poll.Script.Step = async (key, _, token) =>
        {
            if (key == "hangs")
                await gate.Task;
            else
                poll.Host.Clock.MoveTo(poll.Host.Clock.GetTimestamp() + TimeSpan.FromMilliseconds(int.Parse(key)).Ticks);
        };
        poll.Add("300", "7", "2000", "45", "hangs");
        poll.Advance(20);
        var slowest = poll.Keys.FindSlowest(3);
        poll.Host.Release(gate);

        Assert.Equal(["hangs", "2000", "300"], slowest.Select(key => key.Key));
        Assert.NotNull(slowest[0].RunningSince);
        Assert.Equal(2000, slowest[1].LastElapsed.TotalMilliseconds, 2.0);
        Assert.Equal(300, slowest[2].LastElapsed.TotalMilliseconds, 0.3);
    }

    [Fact]
    public void No_key_that_has_never_run_is_slow()
    {
        using var poll = new PollHost(task => task.Every(100.Seconds).StartAfter(100.Seconds));
        poll.Add("a");

        Assert.Empty(poll.Keys.FindSlowest(3));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Not_more_than_a_thousand_are_found(int limit)
    {
        using var poll = new PollHost(task => task.Every(100.Seconds));

        Assert.Throws<ArgumentOutOfRangeException>(() => poll.Keys.FindFailing(limit));
        Assert.Throws<ArgumentOutOfRangeException>(() => poll.Keys.FindPaused(limit));
        Assert.Throws<ArgumentOutOfRangeException>(() => poll.Keys.FindSlowest(limit));
    }

    [Fact]
    public void Errors_are_kept_of_a_thousand_keys_and_the_others_are_found_without()
    {
        using var poll = new PollHost(task => task.Every(100.Seconds));
        poll.Script.Step = (_, _, _) => throw new FormatException("no number");
        poll.Add([.. Enumerable.Range(0, 1001).Select(i => $"k{i}")]);

        Assert.Equal(1001, poll.Host["poll"].Snapshot().Keys!.Failing);
        var without = Assert.Single(poll.Keys.Keys, key => poll.Keys.Find(key)!.Snapshot().Last is null);
        Assert.Equal(1, poll.Keys.Find(without)!.Snapshot().ConsecutiveFailures);

        Assert.True(poll.Keys.TryRemove(poll.Keys.Keys.First(key => key != without)));
        poll.Advance(100);
        Assert.NotNull(poll.Keys.Find(without)!.Snapshot().Last);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_removed_key_whose_last_iteration_fails_is_forgotten(bool pinned)
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a");
        if (pinned)
            poll.Pin("a");
        var loops = (KeyedLoops)poll.Keys;
        var loop = loops.Rows.All().Single();
        poll.Keys.TryRemove("a");
        poll.Host.Do(() => gate.SetException(new FormatException("no number")));
        poll.Host.Wait(Task.Run(() => SpinWait.SpinUntil(() => loops.Loops.Count == 0, ThreadedLoopHost.Patience)));

        Assert.Single(poll.Ended("a"));
        Assert.Null(loops.Records.Find(loop));
        Assert.Empty(poll.Keys.FindFailing(10));
    }

    [Fact]
    public async Task Health_names_a_few_of_the_keys_on_one_line()
    {
        using var poll = new PollHost(task =>
        {
            task.Every(10.Seconds);
            task.Services.AddHealthChecks().AddRecurringTasks();
        });
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Add("a\n2026-01-01 crit: FORGED", "b\u202E", new string('c', 300), "d", "e");

        var report = await poll.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(
            "'poll' is failing for 5 of 5 keys, among them "
                + $"'a\\n2026-01-01 crit: FORGED', 'b\\u202E', '{new string('c', 199)}…'. "
                + "'poll[a\\n2026-01-01 crit: FORGED]' is failing: 1 failure(s) in a row.",
            report.Entries.Single().Value.Description);
    }
}
