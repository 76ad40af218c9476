using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

public class KeyedLoopTests
{
    [Fact]
    public void Each_key_has_a_loop_of_its_own_whose_schedule_begins_when_it_is_added()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        poll.Advance(5);
        poll.Add("b");
        poll.Advance(20);

        Assert.Equal([0, 10, 20], poll.Script.Of("a"));
        Assert.Equal([5, 15, 25], poll.Script.Of("b"));
        Assert.Equal([("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)], poll.Script.Iterations);
    }

    [Fact]
    public void A_key_is_there_once_and_until_it_is_removed()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a", "b");

        Assert.False(poll.Keys.TryAdd("a"));
        Assert.Equal((2, true, false), (poll.Keys.Count, poll.Keys.Contains("a"), poll.Keys.Contains("c")));
        Assert.Equal(["a", "b"], poll.Keys.Keys.Order());

        Assert.True(poll.Keys.TryRemove("a"));
        Assert.False(poll.Keys.TryRemove("a"));
        poll.Advance(30);

        Assert.Equal([0], poll.Script.Of("a"));
        Assert.Equal((1, false), (poll.Keys.Count, poll.Keys.Contains("a")));
        Assert.Equal(LoopEnd.Removed, Assert.Single(poll.Host.Observer.Of(LoopEventKind.LoopEnded)).End);
    }

    [Fact]
    public void Null_is_no_key()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        Assert.Throws<ArgumentNullException>(() => poll.Keys.TryAdd(null!));
        Assert.Throws<ArgumentNullException>(() => poll.Keys.TryRemove(null!));
        Assert.Throws<ArgumentNullException>(() => poll.Keys.Contains(null!));
        Assert.Throws<ArgumentNullException>(() => poll.Keys.Find(null!));

        Assert.Equal(0, poll.Keys.Count);
    }

    [Fact]
    public void Keys_added_before_the_host_starts_begin_with_it()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds), start: false);
        Assert.True(poll.Keys.TryAdd("a"));
        Assert.True(poll.Keys.TryAdd("b"));
        Assert.True(poll.Keys.TryRemove("b"));
        poll.Advance(5);
        Assert.Empty(poll.Script.Runs);

        poll.Host.StartHost();
        poll.Advance(10);

        Assert.Equal([5, 15], poll.Script.Of("a"));
        Assert.Empty(poll.Script.Of("b"));
    }

    [Fact]
    public void Failures_and_back_off_are_those_of_one_key()
    {
        using var poll = new PollHost(task => task.Every(1.Seconds).BackOff(4.Seconds, 60.Seconds));
        poll.Script.Step = (key, _, _) => key == "bad" ? throw new FormatException("bad key") : ValueTask.CompletedTask;
        poll.Add("bad", "good");
        poll.Advance(12);

        Assert.Equal([0, 4, 12], poll.Script.Of("bad"));
        Assert.Equal(13, poll.Script.Of("good").Length);
        Assert.Equal([1, 2, 3], poll.Ended("bad").Select(e => e.ConsecutiveFailures));
        Assert.All(poll.Ended("good"),
            e => Assert.Equal((IterationOutcome.Succeeded, 0), (e.Record.Outcome, e.ConsecutiveFailures)));
    }

    [Fact]
    public void A_key_that_is_removed_while_it_runs_is_cancelled_and_starts_again_only_after_that()
    {
        var gate = new TaskCompletionSource();
        var (tokens, cancelled) = (new List<CancellationToken>(), 0);
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = async (_, _, token) =>
        {
            tokens.Add(token);
            using var registration = token.Register(() => cancelled++);
            if (tokens.Count == 1)
                await gate.Task;
        };
        poll.Add("a");

        Assert.True(poll.Keys.TryRemove("a"));
        poll.Add("a");
        poll.Advance(15);
        Assert.Equal((1, 1), (cancelled, poll.Script.Runs.Count));

        poll.Host.Release(gate);
        poll.Advance(10);
        Assert.Equal([0, 15, 25], poll.Script.Of("a"));
        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.Removed),
            (poll.Ended("a")[0].Record.Outcome, poll.Ended("a")[0].Record.Reason));
    }

    [Fact]
    public void A_slow_key_holds_up_no_other_and_its_own_slots_are_skipped()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (key, _, _) => key == "slow" ? new(gate.Task) : ValueTask.CompletedTask;
        poll.Add("slow", "quick");
        poll.Advance(35);
        poll.Host.Release(gate);
        poll.Advance(10);

        Assert.Equal([0, 10, 20, 30, 40], poll.Script.Of("quick"));
        Assert.Equal([0, 40], poll.Script.Of("slow"));
        Assert.Equal(3, poll.Ended("slow").Where(e => e.Record.Reason is OutcomeReason.PreviousRunning).Sum(e => e.Record.Count));
    }

    [Theory]
    [InlineData("StopAfter")]
    [InlineData("StopLoop")]
    [InlineData("StopAfterFailures")]
    [InlineData("EndAt")]
    public void A_loop_that_ends_by_itself_ends_alone_and_its_key_stays(string how)
    {
        using var poll = new PollHost(task => _ = how switch
        {
            "StopAfter" => task.Every(10.Seconds).StopAfter(2),
            "StopAfterFailures" => task.Every(10.Seconds).StopAfterFailures(2),
            "EndAt" => task.Every(10.Seconds).EndAt(LoopHost.Start + 15.Seconds),
            _ => task.Every(10.Seconds),
        });
        poll.Script.Step = (_, iteration, _) =>
        {
            if (how == "StopLoop" && iteration.Number == 2)
                iteration.StopLoop("enough");
            return how == "StopAfterFailures" ? throw new FormatException() : ValueTask.CompletedTask;
        };
        poll.Add("a");
        poll.Advance(100);
        var ended = Assert.Single(poll.Host.Observer.Of(LoopEventKind.LoopEnded));

        Assert.Equal([0, 10], poll.Script.Of("a"));
        Assert.Equal("a", ended.Key);
        Assert.True(poll.Keys.Contains("a"));
        Assert.Equal((RecurringTaskState.Ended, ended.End), (poll.Keys.Find("a")!.State, poll.Keys.Find("a")!.Snapshot().End));

        poll.Keys.TryRemove("a");
        poll.Script.Runs.Clear();
        poll.Add("a");
        Assert.Equal(how == "EndAt" ? [] : [100], poll.Script.Of("a"));
    }

    [Fact]
    public void What_a_step_chooses_is_kept_while_the_loop_is_parked()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (key, iteration, _) =>
        {
            if (iteration.Number == 1)
                iteration.NextIn(3.Seconds);
            if (iteration.Number == 3)
                iteration.NextAt(LoopHost.Start + 17.Seconds);
            return ValueTask.CompletedTask;
        };
        poll.Add("a");
        poll.Advance(40);

        Assert.Equal([0, 3, 10, 17, 20, 30, 40], poll.Script.Of("a"));
    }

    [Fact]
    public void An_instant_of_the_wall_clock_that_a_step_chose_moves_with_the_clock()
    {
        using var poll = new PollHost(task => task.Every(1.Hours));
        poll.Script.Step = (_, iteration, _) =>
        {
            if (iteration.Number == 1)
                iteration.NextAt(LoopHost.Start + 30.Minutes);
            return ValueTask.CompletedTask;
        };
        poll.Add("a");
        poll.Advance(5);
        poll.Host.Clock.SetWallClock(LoopHost.Start + 20.Minutes);
        poll.Host.Advance(11.Minutes);

        Assert.Equal(2, poll.Script.Runs.Count);
    }

    [Fact]
    public void Slots_spread_by_key_and_always_alike()
    {
        var first = FirstRuns();

        Assert.Equal(first, FirstRuns());
        Assert.Equal(50, first.Length);
        Assert.InRange(first.Distinct().Count(), 30, 50);

        static int[] FirstRuns()
        {
            using var poll = new PollHost(task => task.Every(1000.Seconds).Spread());
            poll.Add([.. Enumerable.Range(0, 50).Select(i => $"key {i}")]);
            poll.Advance(1000);
            return [.. Enumerable.Range(0, 50).Select(i => poll.Script.Of($"key {i}")[0])];
        }
    }

    [Fact]
    public void Each_key_runs_under_a_lock_of_its_own()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds).WithLock("device"));
        poll.Script.Step = (key, iteration, _) =>
        {
            Assert.NotEqual(0, iteration.FencingToken);
            return key == "slow" ? new(gate.Task) : ValueTask.CompletedTask;
        };
        poll.Add("slow", "quick");
        var locks = poll.Host.Services.GetRequiredService<ILoopLockProvider>();

        Assert.Null(Try("device/slow"));
        Assert.NotNull(Try("device/quick"));
        Assert.Equal(IterationOutcome.Succeeded, poll.Ended("quick").Single().Record.Outcome);
        poll.Host.Release(gate);

        ILoopLease? Try(string name) => locks.TryAcquireAsync(new() { Name = name }, default).AsTask().Result;
    }

    [Fact]
    public void The_host_stops_all_of_them_and_names_who_did_not()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (key, _, _) => key == "hangs" ? new(gate.Task) : ValueTask.CompletedTask;
        poll.Add("hangs", "waits");

        var stopped = poll.Host.StopHost(new CancellationToken(canceled: true));
        poll.Host.Wait(stopped);
        poll.Advance(100);

        Assert.Equal(2, poll.Script.Runs.Count);
        Assert.Contains(poll.Host.Logs.Lines, line => line.Text.Contains("'poll[hangs]' did not stop", StringComparison.Ordinal));
        poll.Host.Release(gate);
        Assert.Equal(OutcomeReason.HostStopping, Assert.Single(poll.Ended("hangs"), e => e.Record.Number == 1).Record.Reason);
    }
}
