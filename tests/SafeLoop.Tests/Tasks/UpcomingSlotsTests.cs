using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

public class UpcomingSlotsTests
{
    [Fact]
    public void They_are_the_slots_that_then_come()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("Every", Steps.None).Every(10.Seconds).StartAfter(3.Seconds);
            services.AddRecurringTask("WithDelay", Steps.None).WithDelay(10.Seconds);
            services.AddRecurringTask("Cron", Steps.None).Cron("*/15 * * * * *").RunOnStart();
            services.AddRecurringTask("DelayBy", Steps.None)
                .DelayBy(new ScriptedPolicy((history, _) => (history.LastSlot ?? LoopHost.Start) + 7.Seconds));
        });
        host.Advance(12.Seconds);

        foreach (var task in host.Tasks.All)
        {
            var (upcoming, before) = (task.UpcomingSlots(4), host.Records(task.Name).Count);
            host.Advance(1.Minutes);
            Assert.Equal(upcoming.Select(slot => slot.Slot),
                host.Records(task.Name).Skip(before).Take(4).Select(record => record.Slot));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void While_a_fixed_delay_is_running_they_count_from_now(int iteration)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.Taking(100.Seconds)).WithDelay(1.Hours));
        host.Advance((iteration - 1) * (1.Hours + 100.Seconds));
        host.Advance(40.Seconds);
        Assert.Equal(RecurringTaskState.Running, host["t"].State);

        var now = host.Clock.GetUtcNow();
        Assert.Equal([now + 1.Hours, now + 2.Hours], host["t"].UpcomingSlots(2).Select(slot => slot.Slot));
    }

    [Fact]
    public void A_slot_a_step_chose_comes_first_and_then_the_grid()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (iteration, _) =>
        {
            iteration.NextIn(14.Seconds);
            return default(ValueTask);
        }).Every(10.Seconds));

        Assert.Equal([14, 20, 30], host["t"].UpcomingSlots(3).Select(slot => (slot.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public void Before_the_loop_has_started_they_count_from_now()
    {
        using var host = new LoopHost(_ => { });
        host.Tasks.Add("t", task => task.Step("s", Steps.None).Every(10.Seconds).StartAfter(5.Seconds));

        Assert.Equal([5, 15], host["t"].UpcomingSlots(2).Select(slot => (slot.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public void They_end_at_EndAt_and_with_the_loop()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("bounded", Steps.None).Every(10.Seconds).EndAt(LoopHost.Start + 25.Seconds);
            services.AddRecurringTask("stopped", Steps.None).Every(10.Seconds);
        });

        Assert.Equal(2, host["bounded"].UpcomingSlots(100).Count);
        host["stopped"].Stop();
        host.Settle();
        Assert.Empty(host["stopped"].UpcomingSlots(100));
    }

    [Fact]
    public void Looking_ahead_changes_nothing()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Every(10.Seconds)
            .WithJitter(5.Seconds));
        host.Advance(5.Seconds);
        var next = host["t"].Snapshot().NextSlot;

        for (var look = 0; look < 10; look++)
            host["t"].UpcomingSlots(50);

        Assert.Equal(next, host["t"].Snapshot().NextSlot);
        Assert.Empty(host["t"].UpcomingSlots(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => host["t"].UpcomingSlots(-1));
    }
}
