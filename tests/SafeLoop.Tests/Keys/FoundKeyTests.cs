using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>Keys with a handle count in Concurrency like all others, and obey their handle at once.</summary>
public class FoundKeyTests
{
    private static readonly string[] Twenty = [.. Enumerable.Range(0, 20).Select(n => $"key {n:00}")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void So_many_run_at_a_time_of_keys_that_were_found_too(bool onlySome)
    {
        var (running, most) = (0, 0);
        using var poll = new PollHost(task => task.Every(100.Seconds).Concurrency(2));
        poll.Script.Step = async (_, iteration, token) =>
        {
            most = Math.Max(most, ++running);
            await Steps.Wait(iteration, 5.Seconds, token);
            running--;
        };
        poll.Add(Twenty);
        poll.Advance(60);
        foreach (var key in Twenty.Where((_, n) => !onlySome || n % 3 == 0))
            poll.Pin(key);
        poll.Script.Runs.Clear();
        poll.Advance(100);

        Assert.Equal(2, most);
        Assert.Equal(Twenty, poll.Script.Runs.Select(run => run.Key).Order());
        Assert.Equal(Enumerable.Range(0, 20).Select(n => 100 + (n / 2 * 5)), poll.Script.Runs.Select(run => run.Second));
    }

    [Fact]
    public void One_that_is_found_while_it_runs_keeps_its_place_until_it_has_run()
    {
        using var poll = Busy();
        poll.Add("a", "b");
        poll.Advance(1);

        poll.Pin("a");
        poll.Advance(18);
        Assert.Equal([("a", 0)], poll.Script.Runs);
        poll.Advance(21);
        Assert.Equal([("a", 0), ("b", 20), ("a", 40)], poll.Script.Runs);
    }

    [Fact]
    public void One_that_is_found_while_it_waits_for_its_place_keeps_its_turn()
    {
        using var poll = Busy();
        poll.Add("a", "b", "c");
        poll.Advance(1);

        var handle = poll.Pin("b");
        poll.Advance(58);

        Assert.Equal([("a", 0), ("b", 20), ("c", 40)], poll.Script.Runs);
        Assert.Equal(1, handle.Snapshot().Succeeded);
    }

    [Fact]
    public async Task A_run_by_hand_waits_for_a_place()
    {
        using var poll = Busy();
        poll.Add("a", "b");
        poll.Advance(50); // a runs until 60
        var handle = poll.Pin("b");

        var run = handle.RunNowAsync();
        poll.Host.Settle();
        Assert.Equal(0, handle.Snapshot().Running);
        poll.Advance(30);

        Assert.Equal(IterationOutcome.Succeeded, (await run).Outcome);
        Assert.Equal([("a", 0), ("b", 20), ("a", 40), ("b", 60), ("a", 80)], poll.Script.Runs);
    }

    [Fact]
    public void One_that_was_stopped_and_started_again_counts_too()
    {
        using var poll = Busy();
        poll.Add("a", "b");
        var handle = poll.Pin("b");
        handle.Stop();
        poll.Advance(50);
        handle.Start();
        poll.Advance(9);
        Assert.DoesNotContain(poll.Script.Runs, run => run.Key == "b");

        poll.Advance(20);
        Assert.Contains(("b", 60), poll.Script.Runs);
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("removed")]
    [InlineData("paused")]
    [InlineData("cancelled")]
    public void One_that_goes_while_it_waits_for_its_place_takes_none_along(string how)
    {
        using var poll = Busy();
        poll.Add("a", "b", "c");
        poll.Advance(1);
        var handle = poll.Pin("b");
        poll.Advance(4);

        using var cancellation = new CancellationTokenSource();
        if (how is "stopped")
            handle.Stop();
        else if (how is "removed")
            poll.Keys.TryRemove("b");
        else if (how is "paused")
            handle.Pause();
        else
            _ = handle.RunNowAsync(cancellation.Token);
        poll.Host.Do(cancellation.Cancel);
        poll.Advance(200);

        var others = poll.Script.Runs.Where(run => run.Key != "b").Select(run => run.Second).ToArray();
        Assert.Equal(
            how is "cancelled" ? [0, 40, 60, 100, 120, 160, 180] : [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200], others);
    }

    [Fact]
    public async Task A_host_stops_although_keys_that_were_found_wait_for_a_place()
    {
        using var poll = Busy();
        poll.Add(Twenty);
        poll.Advance(5);
        foreach (var key in Twenty)
            poll.Pin(key);
        poll.Advance(20);

        var stopped = poll.Host.StopHost();
        poll.Host.Wait(stopped);
        await stopped;

        Assert.Equal(20, poll.Host.Observer.Of(LoopEventKind.LoopEnded).Count());
    }

    [Fact]
    public void A_limit_that_is_raised_lets_keys_that_were_found_run()
    {
        using var poll = Busy(settings: new() { ["RecurringTasks:poll:Concurrency"] = "1" });
        poll.Add(Twenty);
        poll.Advance(5);
        foreach (var key in Twenty)
            poll.Pin(key);
        poll.Host.Configuration["RecurringTasks:poll:Concurrency"] = "100";
        poll.Host.Configuration.Reload();
        poll.Host.Settle();
        poll.Advance(1);

        Assert.Equal(Twenty, poll.Script.Runs.Select(run => run.Key).Order());
    }

    /// <summary>Found by another key's step, between the ring of its alarm and the first look of its runner.</summary>
    [Theory]
    [InlineData("change")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("run")]
    public void A_key_obeys_at_the_very_moment_it_is_found(string how)
    {
        Task? done = null;
        var fails = how is "resume";
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(5).PauseAfterFailures(1));
        poll.Script.Step = (key, iteration, _) =>
        {
            if (key is "b" && fails)
                throw new FormatException();
            if (key is "a" && iteration.Number == 2)
                Act(poll.Keys.Find("b")!);
            return default;
        };
        poll.Add("a", "b");
        poll.Advance(20);
        fails = false;
        poll.Advance(40);

        if (done is not null)
            poll.Host.Wait(done);
        Assert.Equal(
            how switch { "change" => [0, 10, 17, 24, 31, 38, 45, 52, 59], "pause" => [0], _ => [0, 10, 20, 30, 40, 50, 60] },
            poll.Script.Of("b"));

        void Act(RecurringTaskHandle handle)
        {
            fails = false;
            if (how is "change")
                done = handle.ChangeAsync(options => options.Every = 7.Seconds);
            else if (how is "pause")
                handle.Pause();
            else if (how is "resume")
                handle.Resume();
            else
                done = handle.RunNowAsync();
        }
    }

    [Fact]
    public void A_key_can_be_changed_as_soon_as_it_is_found_wherever_its_loop_is()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(3));
        poll.Script.Step = (key, _, _) =>
        {
            foreach (var other in Twenty)
                _ = poll.Keys.Find(other)?.ChangeAsync(options => options.Jitter = TimeSpan.Zero);
            return default;
        };
        poll.Add(Twenty);
        poll.Advance(30);

        Assert.Equal(80, poll.Script.Runs.Count);
        Assert.All(poll.Host.Records(), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
    }

    private static PollHost Busy(Dictionary<string, string?>? settings = null)
    {
        var poll = new PollHost(
            task =>
            {
                task.Every(20.Seconds);
                if (settings is null)
                    task.Concurrency(1);
            },
            settings);
        poll.Script.Step = (_, iteration, token) => new(Steps.Wait(iteration, 20.Seconds, token));
        return poll;
    }
}
