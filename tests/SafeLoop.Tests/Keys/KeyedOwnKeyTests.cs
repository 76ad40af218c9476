using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>Steps that remove, replace or change the very key they run for.</summary>
public class KeyedOwnKeyTests
{
    // After orleans#1371 and #8582: a timer that its own callback disposed went on, or was disposed under the callback.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_that_removes_its_key_ends_its_loop_and_leaves_its_place(bool isPinned)
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(1));
        poll.Script.Step = (key, _, _) =>
        {
            if (key is "a")
                Assert.True(poll.Keys.TryRemove("a"));
            return default;
        };
        if (isPinned)
        {
            poll.Keys.Pause();
            poll.Add("a");
            poll.Pin("a");
            poll.Keys.Resume();
        }
        else
        {
            poll.Add("a");
        }
        poll.Advance(10);
        var group = ((KeyedLoops<string>)poll.Keys).Group;
        Assert.True(SpinWait.SpinUntil(() => !group.Rows.All().Any(), ThreadedLoopHost.Patience));
        poll.Add("b");
        poll.Advance(10);

        Assert.Single(poll.Script.Of("a"));
        Assert.Equal([10, 20], poll.Script.Of("b"));
        Assert.Equal(["b"], poll.Keys.Keys);
        Assert.Equal(0, group.Runners.Running);
        var end = Assert.Single(poll.Host.Observer.Of(LoopEventKind.LoopEnded));
        Assert.Equal(("a", LoopEnd.Removed), (end.Key, end.End));
    }

    // After orleans#1371: a timer that its callback registered again ticked twice from then on.
    [Fact]
    public void A_step_that_replaces_its_key_again_and_again_has_one_loop_and_one_row()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).StartAfter(10.Seconds));
        poll.Script.Step = (_, _, _) =>
        {
            Assert.True(poll.Keys.TryRemove("a"));
            Assert.True(poll.Keys.TryAdd("a"));
            return default;
        };
        poll.Add("a");
        poll.Advance(10_000);

        Assert.Equal(Enumerable.Range(1, 1000).Select(n => n * 10), poll.Script.Of("a"));
        Assert.All(poll.Script.Iterations, iteration => Assert.Equal(1, iteration.Number));
        var group = ((KeyedLoops<string>)poll.Keys).Group;
        Assert.Single(group.Rows.All());
        Assert.Equal((0, 1), (group.Runners.Busy, group.Runners.Idle));
    }

    // After orleans#8954 and golang/go#37196: a tick that was due before the period was changed came after it.
    [Fact]
    public void A_step_that_changes_the_period_of_its_key_gets_no_slot_of_the_old_one()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Script.Step = async (key, iteration, token) =>
        {
            if (iteration.Number != 2)
                return;
            var changed = poll.Keys.Find(key)!.ChangeAsync(options => options.Every = 30.Seconds, token);
            await Steps.Wait(iteration, 9.Seconds, token); // the change is made while this runs
            Assert.True(changed.IsCompletedSuccessfully);
        };
        poll.Add("a");
        poll.Advance(100);

        Assert.Equal([0, 10, 40, 70, 100], poll.Script.Of("a"));
    }

    // After hertzbeat#4201: a run that armed the timer anew left the old one armed, and both armed again for ever.
    [Fact]
    public void Runs_by_hand_leave_one_run_in_a_period()
    {
        using var poll = new PollHost(task => task.WithDelay(10.Seconds));
        poll.Add("a");
        for (var second = 0; second < 9; second++)
        {
            _ = poll.Keys.Find("a")!.RunNowAsync();
            _ = poll.Keys.Find("a")!.RunNowAsync();
            poll.Advance(1);
        }
        poll.Script.Runs.Clear();
        poll.Advance(1000);

        Assert.Equal(100, poll.Script.Runs.Count);
    }

    // After quantum-core#416: what came due while a job was deleted ran when a job of its name was added.
    [Fact]
    public void A_key_that_is_added_again_makes_up_for_nothing()
    {
        using var poll = new PollHost(
            task => task.Cron("* * * * *").OnMissed(MissedSlots.RunAll).OnOverlap(Overlap.BufferAll));
        poll.Add("a");
        poll.Advance(120);
        Assert.True(poll.Keys.TryRemove("a"));
        poll.Advance(310);
        poll.Add("a");
        poll.Advance(100);

        Assert.Equal([60, 120, 480], poll.Script.Of("a"));
    }
}
