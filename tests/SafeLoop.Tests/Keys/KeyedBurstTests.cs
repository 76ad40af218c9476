using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>What many keys at a time have needed is free again when they are gone.</summary>
public class KeyedBurstTests
{
    // After netty#2541 and Hystrix#1976: cancelled timeouts stayed in their queue until their time had come.
    [Fact]
    public void Keys_that_go_while_they_wait_for_a_place_leave_nothing_in_the_queue()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds).Concurrency(1));
        var (release, runners) = (new TaskCompletionSource(), ((KeyedLoops<string>)poll.Keys).Runners);
        poll.Script.Step = (key, _, _) => key is "hangs" ? new(release.Task) : default;
        poll.Add("hangs", "first");
        for (var n = 0; n < 5_000; n++)
        {
            poll.Add($"{n}");
            Assert.True(poll.Keys.TryRemove($"{n}"));
        }
        poll.Add("last");

        Assert.InRange(runners.Waiting, 2, 200);
        poll.Host.Release(release);
        Assert.Equal(["hangs", "first", "last"], poll.Script.Runs.Select(run => run.Key));
        Assert.Equal((0, 0), (runners.Waiting, runners.Running));
    }

    // After josdejong/workerpool#450 and ray#34613: the workers of a burst were kept for ever.
    [Fact]
    public void Runners_that_no_key_has_needed_for_some_minutes_are_released()
    {
        using var poll = new PollHost(task => task.Every(1.Hours));
        var runners = ((KeyedLoops<string>)poll.Keys).Runners;
        poll.Script.Step = (_, iteration, token) => new(Steps.Wait(iteration, 1.Seconds, token));
        poll.Add([.. Enumerable.Range(0, 1_000).Select(n => $"{n}")]);
        poll.Advance(2);
        Assert.InRange(runners.Idle, 1_000, 1_001); // the alarm has one in hand for the next loop that is due

        poll.Advance(180);
        Assert.InRange(runners.Idle, 1, 100);

        poll.Advance(3600);
        Assert.Equal(2_000, poll.Script.Runs.Count);
        Assert.InRange(runners.Idle, 1, 100);
    }

    [Fact]
    public void Runners_that_keys_need_every_few_seconds_are_kept()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        var runners = ((KeyedLoops<string>)poll.Keys).Runners;
        poll.Script.Step = (_, iteration, token) => new(Steps.Wait(iteration, 1.Seconds, token));
        poll.Add([.. Enumerable.Range(0, 500).Select(n => $"{n}")]);
        for (var turn = 0; turn < 60; turn++)
        {
            poll.Advance(10);
            Assert.InRange(runners.Idle + runners.Running, 500, 501);
        }
    }
}
