using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Planning;

/// <summary>
/// A loop plans its next slot once per event. A loop that is woken without an event does not call its policy again.
/// </summary>
public class PlannedOncePerEventTests
{
    [Fact]
    public void A_policy_is_asked_once_however_often_the_loop_is_woken()
    {
        var asked = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Steps.None)
            .DelayBy(new ScriptedPolicy((_, now) =>
            {
                asked++;
                return now + 10.Seconds;
            })));
        WakeTenTimes(host);

        Assert.Equal(1, asked);
        host.Advance(10.Seconds);
        Assert.Equal((2, 1), (asked, host["task"].Snapshot().Succeeded));
    }

    [Fact]
    public void An_answer_counted_from_the_present_does_not_move_when_the_loop_is_woken()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Steps.None)
            .DelayBy(new ScriptedPolicy((_, now) => now + 10.Seconds)));
        host.Advance(5.Seconds);
        WakeTenTimes(host);
        host.Advance(5.Seconds);

        Assert.Equal(1, host["task"].Snapshot().Succeeded);
    }

    [Fact]
    public void A_back_off_with_jitter_does_not_move_when_the_loop_is_woken()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask(
            "task", (_, _) => throw new InvalidOperationException()).Every(1.Seconds).BackOff(1.Minutes, 1.Hours, jitter: 1));
        var next = host["task"].Snapshot().NextSlot;
        WakeTenTimes(host);

        Assert.Equal(next, host["task"].Snapshot().NextSlot);
    }

    [Fact]
    public void A_wall_clock_that_was_set_is_an_event()
    {
        var asked = 0;
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Steps.None)
            .DelayBy(new ScriptedPolicy((_, now) =>
            {
                asked++;
                return now + 1.Hours;
            })).Configure(options => options.EndAt = LoopHost.Start + 1.Days));
        host.Clock.SetWallClock(LoopHost.Start + 30.Minutes);
        host.Advance(5.Seconds);

        Assert.Equal(2, asked);
    }

    private static void WakeTenTimes(LoopHost host)
    {
        for (var n = 0; n < 10; n++)
        {
            host["task"].OwnLoop!.Loop.Wake();
            host.Settle();
        }
    }
}
