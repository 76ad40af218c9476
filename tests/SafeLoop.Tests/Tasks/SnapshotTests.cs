using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

public sealed class SnapshotTests : ControlTest
{
    [Fact]
    public void A_snapshot_has_all_the_figures()
    {
        var turn = 0;
        Run(task => task.Every(Second * 10).WithTimeout(Second * 30)
            .Step("second", (_, _) => turn++ is 1 or 2
                ? throw new InvalidOperationException($"turn {turn}")
                : ValueTask.CompletedTask));
        Host.Advance(Second * 20);                                   // 0 succeeded, 10 and 20 failed
        Task.Pause();
        Host.Advance(Second * 10);                                   // 30 paused
        Task.Resume();
        Host.Sleep(Second * 25);                                     // 40 missed, 50 succeeded, late
        IsGated = true;
        Host.Advance(Second * 6);                                    // 60 running at 61

        var snapshot = Task.Snapshot();
        Assert.Equal(("task", RecurringTaskState.Running, null, null),
            (snapshot.Name, snapshot.State, snapshot.StateReason, snapshot.End));
        Assert.Equal(
            (5, 2, 2, 2, 1), (snapshot.Iterations, snapshot.Succeeded, snapshot.Failed, snapshot.Skipped, snapshot.Missed));
        Assert.Equal((0, 0, 0), (snapshot.TimedOut, snapshot.Interrupted, snapshot.ConsecutiveFailures));
        Assert.Equal((1, At(60), At(55), At(70)),
            (snapshot.Running, snapshot.RunningSince, snapshot.LastSuccess, snapshot.NextSlot));
        Assert.Equal((IterationOutcome.Succeeded, At(50), "turn 3"),
            (snapshot.LastOutcome, snapshot.Last!.Value.Slot, snapshot.LastException!.Message));

        Host.Advance(Second * 30);                                   // 90: its time is over
        Assert.Equal((1, 1, RecurringTaskState.Waiting),
            (Task.Snapshot().TimedOut, Task.Snapshot().ConsecutiveFailures, Task.State));
    }

    [Fact]
    public void Times_are_of_the_wall_clock_also_after_it_was_set()
    {
        Run();
        Host.Advance(Second * 5);
        Host.Clock.SetWallClock(LoopHost.Start.AddYears(1));
        IsGated = true;
        Host.Advance(Second * 6);

        var now = Host.Clock.GetUtcNow();
        var snapshot = Task.Snapshot();
        Assert.Equal((now - (Second * 11), now - Second, now + (Second * 9)),
            (snapshot.LastSuccess, snapshot.RunningSince, snapshot.NextSlot));
    }

    [Fact]
    public void History_keeps_the_last_64_by_default_in_fixed_memory()
    {
        Run(task => task.Every(Second));
        Host.Advance(Second * 99);
        Assert.Equal(Enumerable.Range(37, 64).Select(number => (long)number), Task.History.Select(record => record.Number));

        Task.Pause();
        Host.Advance(Second * 1000);
        Assert.Equal((64, 1000, OutcomeReason.Paused), (Task.History.Count, Task.History[^1].Count, Task.History[^1].Reason));
        Assert.Equal(38, Task.History[0].Number); // a thousand skips pushed out one
    }

    [Fact]
    public void Upcoming_slots_are_those_that_will_run()
    {
        Run();
        Host.Advance(Second * 5);
        var foreseen = Task.UpcomingSlots(3).Select(slot => slot.Slot).ToArray();
        Host.Advance(Second * 30);

        Assert.Equal([At(10), At(20), At(30)], foreseen);
        Assert.Equal(foreseen, Task.History.Skip(1).Select(record => record.Slot));
    }

    [Fact]
    public void Upcoming_slots_are_foreseen_before_the_start_too()
    {
        Prepare();
        var every = Host.Tasks.Add("every", task => task.Step("step", StepAsync).Every(Second * 10).StartAfter(Second * 5));
        var cron = Host.Tasks.Add("cron", task => task.Step("step", StepAsync).Cron("*/5 * * * *"));

        Assert.Equal([At(5), At(15)], every.UpcomingSlots(2).Select(slot => slot.Slot));
        Assert.Equal([At(300), At(600)], cron.UpcomingSlots(2).Select(slot => slot.Slot));
    }

    [Fact]
    public void Upcoming_slots_end_where_the_loop_will()
    {
        Run(task => task.Every(Second * 10).StopAfter(3));
        Assert.Equal([At(10), At(20)], Task.UpcomingSlots(10).Select(slot => slot.Slot));
        Task.Stop();
        Assert.Empty(Task.UpcomingSlots(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Task.UpcomingSlots(-1));
    }

    [Fact]
    public void Upcoming_slots_say_what_daylight_saving_does_to_them()
    {
        var host = new LoopHost(
            services => services.AddRecurringTask("night", StepAsync).Cron("30 2 * * *", "Europe/Berlin"),
            new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero));
        host.StartHost();

        Assert.Equal(
            [(new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), DaylightReason.ShiftedToGapEnd),
                (new DateTimeOffset(2026, 3, 30, 0, 30, 0, TimeSpan.Zero), DaylightReason.None)],
            host["night"].UpcomingSlots(2).Select(slot => (slot.Slot, slot.Daylight)));
        host.Dispose();
    }

    private static DateTimeOffset At(int seconds) => LoopHost.Start.AddSeconds(seconds);
}
