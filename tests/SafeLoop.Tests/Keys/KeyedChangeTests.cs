using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>What becomes of the keys of a task whose configuration changes.</summary>
public class KeyedChangeTests
{
    [Fact]
    public void A_changed_schedule_takes_effect_at_once_for_all_keys()
    {
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Every"] = "00:01:00" };
        using var poll = new PollHost(_ => { }, settings);
        poll.Add("a", "b");
        poll.Pin("b");
        poll.Advance(5);
        poll.Host.Configuration["RecurringTasks:poll:Every"] = "00:00:10";
        poll.Host.Configuration.Reload();
        poll.Advance(20);

        Assert.Equal([0, 10, 20], poll.Script.Of("a"));
        Assert.Equal([0, 10, 20], poll.Script.Of("b"));
    }

    [Fact]
    public void A_changed_schedule_spreads_the_keys_anew_whether_it_is_slower_or_faster()
    {
        string[] keys = [.. Enumerable.Range(0, 50).Select(i => $"key {i}")];
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Every"] = "00:16:40" };
        using var poll = new PollHost(task => task.Spread(), settings);
        poll.Add(keys);
        poll.Pin(keys[0]);
        poll.Advance(1000);

        foreach (var seconds in new[] { 100, 1000 })
        {
            poll.Host.Configuration["RecurringTasks:poll:Every"] = TimeSpan.FromSeconds(seconds).ToString();
            poll.Host.Configuration.Reload();
            poll.Script.Runs.Clear();
            poll.Advance(seconds * 2);

            int[] first = [.. keys.Select(key => poll.Script.Of(key)[0])];
            Assert.InRange(first.Distinct().Count(), 30, 50);
            Assert.InRange(first.Max() - first.Min(), seconds * 0.8, seconds);
            Assert.All(
                keys, key => Assert.Equal(seconds, poll.Script.Of(key) is [.., var before, var last] ? last - before : seconds));
        }
    }

    [Fact]
    public void Cron_keys_stay_spread_over_the_minute_when_their_schedule_changes()
    {
        string[] keys = ["a", "b", "c", "d"];
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Cron"] = "0 * * * *" };
        using var poll = new PollHost(task => task.Spread(), settings);
        poll.Add(keys);
        poll.Pin("a");
        poll.Advance(3660);
        int[] phases = [.. keys.Select(key => poll.Script.Of(key)[0] - 3600)];
        Assert.True(phases.Distinct().Count() > 2);

        poll.Host.Configuration["RecurringTasks:poll:Cron"] = "30 * * * *";
        poll.Host.Configuration.Reload();
        poll.Advance(3600);

        Assert.Equal(phases, keys.Select(key => poll.Script.Of(key)[1] - 5400));
    }

    [Fact]
    public void A_change_while_keys_wait_for_their_start_does_not_make_them_wait_anew()
    {
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Every"] = "00:01:40" };
        using var poll = new PollHost(task => task.StartAfter(1000.Seconds), settings);
        poll.Add("a", "b");
        poll.Advance(500);
        poll.Pin("b");
        Set(poll, "Every", "00:03:20");
        poll.Advance(700);

        Assert.Equal([1000, 1200], poll.Script.Of("a"));
        Assert.Equal([1000, 1200], poll.Script.Of("b"));
    }

    [Fact]
    public void Slots_that_have_come_and_wait_for_their_place_in_the_minute_are_met()
    {
        string[] keys = ["a", "b", "c", "d"];
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Cron"] = "* * * * *" };
        using var poll = new PollHost(task => task.Spread(), settings);
        poll.Add(keys);
        poll.Advance(60);
        Assert.Empty(poll.Script.Runs);
        Set(poll, "Cron", "0 * * * *");
        poll.Advance(600);

        Assert.Equal(keys, poll.Script.Runs.Select(run => run.Key).Order());
        Assert.All(poll.Host.Records(), record => Assert.Equal(LoopHost.Start + 60.Seconds, record.Slot));
    }

    [Fact]
    public void A_key_that_always_has_something_to_do_follows_a_change_too()
    {
        var gate = new TaskCompletionSource();
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Continuously"] = "true" };
        using var poll = new PollHost(_ => { }, settings);
        poll.Script.Step = (_, _, _) => new((gate = new TaskCompletionSource()).Task);
        poll.Add("a");
        poll.Host.Release(gate);
        poll.Advance(5);
        Assert.Equal(2, poll.Script.Runs.Count);

        poll.Host.Configuration["RecurringTasks:poll:Every"] = "00:01:40";
        Set(poll, "Continuously", "false");
        poll.Host.Release(gate);
        poll.Advance(100);

        Assert.Equal([0, 0, 100], poll.Script.Of("a"));
    }

    [Fact]
    public void Keys_that_always_have_something_to_do_take_turns()
    {
        var gates = new Dictionary<string, TaskCompletionSource>();
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Concurrency"] = "2" };
        using var poll = new PollHost(task => task.Continuously(), settings);
        poll.Script.Step = (key, _, _) => new((gates[key] = new TaskCompletionSource()).Task);
        poll.Add("a", "b", "c");
        poll.Host.Release(gates["a"]);
        poll.Host.Release(gates["b"]);
        poll.Host.Release(gates["c"]);
        Assert.Equal(["a", "b", "c", "a", "b"], poll.Script.Runs.Select(run => run.Key));

        Set(poll, "Concurrency", "1");
        poll.Host.Release(gates["a"]);
        Assert.Equal(5, poll.Script.Runs.Count);
        poll.Host.Release(gates["b"]);
        Assert.Equal(["c"], poll.Script.Runs.Skip(5).Select(run => run.Key));
        poll.Host.Release(gates["c"]);
        Assert.Equal(["c", "a"], poll.Script.Runs.Skip(5).Select(run => run.Key));
    }

    [Fact]
    public void A_limit_that_is_raised_lets_those_in_that_wait()
    {
        var gate = new TaskCompletionSource();
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Concurrency"] = "1" };
        using var poll = new PollHost(task => task.Every(100.Seconds), settings);
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a", "b", "c");
        Assert.Single(poll.Script.Runs);

        poll.Host.Configuration["RecurringTasks:poll:Concurrency"] = "2";
        poll.Host.Configuration.Reload();
        poll.Host.Settle();
        Assert.Equal(2, poll.Script.Runs.Count);
        poll.Host.Release(gate);
        Assert.Equal(3, poll.Script.Runs.Count);
    }

    [Fact]
    public void A_wrong_change_leaves_the_old_options_in_force_and_is_reported()
    {
        var settings = new Dictionary<string, string?> { ["RecurringTasks:poll:Every"] = "00:00:10" };
        using var poll = new PollHost(_ => { }, settings);
        poll.Add("a");
        poll.Host.Configuration["RecurringTasks:poll:Every"] = "soon";
        poll.Host.Configuration.Reload();
        poll.Advance(10);

        Assert.Equal([0, 10], poll.Script.Of("a"));
        Assert.Contains("soon", Assert.Single(poll.Host.Observer.Of(LoopEventKind.ChangeRejected)).Text);
    }

    [Fact]
    public void A_shorter_back_off_takes_effect_at_once()
    {
        using var poll = new PollHost(
            task => task.Every(1.Seconds).BackOff(10.Hours, 10.Hours));
        poll.Script.Step = (_, _, _) => throw new FormatException();
        poll.Add("a");
        poll.Advance(10);
        Set(poll, "BackOff", "00:00:05");
        poll.Advance(60);

        Assert.True(poll.Script.Runs.Count > 1, "It waits ten hours all the same.");
    }

    [Fact]
    public void An_EndAt_that_has_come_ends_the_loops_at_once()
    {
        using var poll = new PollHost(task => task.Every(24.Hours));
        poll.Add("a");
        poll.Advance(10);
        Set(poll, "EndAt", "2026-01-01T00:00:05Z");
        poll.Advance(60);

        Assert.Single(poll.Host.Observer.Of(LoopEventKind.LoopEnded));
        var ended = poll.Keys.Find("a")!.Snapshot();
        Assert.Equal((RecurringTaskState.Ended, null), (ended.State, ended.NextSlot));
    }

    [Fact]
    public void Jitter_that_is_taken_away_delays_nothing_any_more()
    {
        using var poll = new PollHost(
            task =>
            {
                task.Services.AddSingleton(provider => new LoopEnvironment(
                    provider,
                    provider.GetRequiredService<Pacemaker>(),
                    provider.GetRequiredService<LoopObservers>()) {
                OptionsFormat = new OptionsFormat(), Random = () => 0.9 });
                task.Cron("0 1 * * *").WithJitter(10.Hours);
            });
        poll.Add("a");
        poll.Host.Advance(30.Minutes);
        Set(poll, "Jitter", "00:00:00");
        poll.Host.Advance(1.Hours);

        Assert.Single(poll.Script.Runs); // at 01:00
    }

    [Fact]
    public void A_key_found_while_it_runs_after_a_change_follows_the_change()
    {
        var gate = new TaskCompletionSource();
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = (_, _, _) => new(gate.Task);
        poll.Add("a");
        Set(poll, "Every", "00:00:01");
        var handle = poll.Pin("a");
        poll.Host.Release(gate);
        poll.Advance(60);

        Assert.Equal(1.Seconds, handle.Options.Every);
    }

    private static void Set(PollHost poll, string setting, string value)
    {
        poll.Host.Configuration[$"RecurringTasks:poll:{setting}"] = value;
        poll.Host.Configuration.Reload();
        poll.Host.Settle();
    }
}
