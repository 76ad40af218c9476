using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A pause of all keys, and what comes and goes and is changed during it.</summary>
public class KeyedPauseTests
{
    // After quartznet#641: the group stayed paused when its last job had gone, and later jobs never ran.
    [Fact]
    public void A_pause_ends_although_the_keys_that_it_paused_are_gone()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        poll.Keys.Pause();
        Assert.True(poll.Keys.TryRemove("a"));
        poll.Keys.Resume();

        poll.Advance(5);
        poll.Add("b");
        poll.Advance(10);

        Assert.Equal([5, 15], poll.Script.Of("b"));
    }

    // After quartznet#433 and #761: a pause without jobs was not resumed, and a paused job could not be run by hand.
    [Fact]
    public void A_key_that_is_added_during_a_pause_waits_for_its_end_and_runs_by_hand()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(1));
        poll.Keys.Pause();
        poll.Add("a");
        poll.Advance(25);
        Assert.Empty(poll.Script.Runs);

        var run = poll.Keys.Find("a")!.RunNowAsync();
        poll.Host.Settle();
        Assert.Equal(IterationOutcome.Succeeded, run.Answer().Outcome);
        poll.Advance(10);
        Assert.Equal([25], poll.Script.Of("a"));

        poll.Keys.Resume();
        poll.Advance(10);
        Assert.Equal([25, 40], poll.Script.Of("a"));
    }

    // After quartz#308 and quartznet#2205: a resumed job ran as often as it would have run during the pause.
    [Fact]
    public void Resumed_keys_make_up_for_nothing_whatever_the_policies_are()
    {
        using var poll = new PollHost(
            task => task.Every(10.Seconds).OnMissed(MissedSlots.RunAll).OnOverlap(Overlap.BufferAll).Concurrency(1));
        poll.Script.Step = (_, iteration, token) => new(Steps.Wait(iteration, 2.Seconds, token));
        poll.Add("a", "b", "c");
        poll.Pin("b");
        poll.Advance(9);
        poll.Keys.Pause();
        poll.Advance(100);
        poll.Script.Runs.Clear();

        poll.Keys.Resume();
        poll.Advance(100);

        foreach (var key in (string[])["a", "b", "c"])
            Assert.Equal(10, poll.Script.Of(key).Length);
        Assert.All(poll.Host.Records().Where(record => record.Number > 0), record => Assert.True(record.Lateness < 10.Seconds));
    }

    // After cylc-flow#4627: tasks that were released while the workflow was paused ignored the limit of their queue.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_limit_holds_for_keys_that_were_paused_before_the_host_started(bool isPinned)
    {
        var (running, most) = (0, 0);
        using var poll = new PollHost(task => task.Every(100.Seconds).Concurrency(2), start: false);
        poll.Script.Step = async (_, iteration, token) =>
        {
            most = Math.Max(most, ++running);
            await Steps.Wait(iteration, 5.Seconds, token);
            running--;
        };
        string[] keys = [.. Enumerable.Range(0, 20).Select(n => $"{n}")];
        poll.Add(keys);
        poll.Keys.Pause();
        poll.Host.StartHost();
        if (isPinned)
            Assert.All(keys, key => poll.Pin(key));
        poll.Advance(150);
        Assert.Equal(0, most);

        poll.Keys.Resume();
        poll.Advance(100);

        Assert.Equal((20, 2), (poll.Script.Runs.Count, most));
    }

    // After trigger.dev#2745: resuming a paused queue overwrote the limit that it was given during the pause.
    [Fact]
    public void A_limit_that_is_changed_during_a_pause_holds_after_it()
    {
        var (running, most) = (0, 0);
        using var poll = new PollHost(
            task => task.Every(100.Seconds), settings: new() { ["RecurringTasks:poll:Concurrency"] = "5" });
        poll.Script.Step = async (_, iteration, token) =>
        {
            most = Math.Max(most, ++running);
            await Steps.Wait(iteration, 5.Seconds, token);
            running--;
        };
        poll.Keys.Pause();
        poll.Add([.. Enumerable.Range(0, 20).Select(n => $"{n}")]);
        poll.Advance(50);
        Set(poll, "Concurrency", "3");

        poll.Keys.Resume();
        poll.Advance(100);

        Assert.Equal((20, 3), (poll.Script.Runs.Count, most));
    }

    // After apscheduler#170: rescheduling a paused job resumed it.
    [Fact]
    public void A_new_schedule_resumes_no_key()
    {
        using var poll = new PollHost(
            task => task.PauseAfterFailures(1), settings: new() { ["RecurringTasks:poll:Every"] = "00:00:10" });
        poll.Script.Step = (key, _, _) => key is "failing" ? throw new FormatException() : default;
        poll.Add("failing", "by hand", "with all");
        poll.Keys.Find("by hand")!.Pause();
        poll.Keys.Pause();
        poll.Script.Runs.Clear();

        Set(poll, "Every", "00:00:03");
        poll.Advance(30);
        Assert.Empty(poll.Script.Runs);

        poll.Keys.Resume();
        poll.Advance(30);
        Assert.Equal(["with all"], poll.Script.Runs.Select(run => run.Key).Distinct());
        Assert.Equal(10, poll.Script.Runs.Count);
        Assert.Equal(["by hand", "failing"], poll.Keys.FindPaused(10).Select(found => found.Key).Order());
    }

    private static void Set(PollHost poll, string setting, string value)
    {
        poll.Host.Configuration[$"RecurringTasks:poll:{setting}"] = value;
        poll.Host.Configuration.Reload();
        poll.Host.Settle();
    }
}
