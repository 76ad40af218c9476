using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

/// <summary>
/// A new schedule begins at the change: none of its slots lies in the past, and no slot of the old one that was due is lost.
/// </summary>
public sealed class ScheduleChangeTests : ControlTest
{
    [Theory]
    [InlineData("30 * * * *", "10 * * * *", 70)]
    [InlineData("30 * * * *", "20 * * * *", 80)]
    [InlineData("30 * * * *", null, 20)]
    public void Before_the_first_slot_it_does_not_begin_in_the_past(string before, string? after, double first)
    {
        Run(task => task.Cron(before));
        Host.Advance(20.Minutes);
        Change(options => (options.Cron, options.Every) = (after, after is null ? 2.Hours : null));
        Host.Advance(65.Minutes);

        Assert.Equal("Succeeded", Outcomes());
        Assert.Equal([first * 60], Starts());
    }

    [Fact]
    public void A_loop_that_waits_for_its_start_goes_on_waiting()
    {
        Run(task => task.Every(10.Seconds).StartAfter(60.Seconds));
        Host.Advance(30.Seconds);
        Change(options => options.Every = 20.Seconds);
        Host.Advance(50.Seconds);

        Assert.Equal([60, 80], Starts());
    }

    [Fact]
    public void A_slot_that_a_step_chose_in_between_does_not_move_the_new_grid()
    {
        TimeSpan? next = null;
        Run(task => task.Every(10.Seconds).Step("choose", Choose));
        Host.Advance(5.Seconds);
        Change(options => options.Every = 60.Seconds);
        next = 100.Seconds;
        RunNow();
        Host.Advance(180.Seconds);

        Assert.Equal([0, 5, 105, 120, 180], Starts());

        ValueTask Choose(Iteration iteration, CancellationToken cancellationToken)
        {
            if (next is { } delay)
                iteration.NextIn(delay);
            next = null;
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public void The_slots_foreseen_are_those_of_the_new_schedule()
    {
        Run(task => task.Every(10.Seconds));
        Host.Advance(5.Seconds);
        Change(options => options.Every = 2.Hours);

        Assert.Equal([2, 4, 6], Task.UpcomingSlots(3).Select(slot => (slot.Slot - LoopHost.Start).TotalHours));
    }

    [Fact]
    public void A_late_start_that_is_withdrawn_does_not_keep_a_spread_task_silent()
    {
        Run(task => task.Every(1000.Seconds).Spread());
        Host.Advance(1000.Seconds);
        Change(options => options.StartAt = LoopHost.Start.AddDays(30));
        Change(options => options.StartAt = null);
        Host.Advance(1000.Seconds);

        Assert.Equal("Succeeded, Succeeded", Outcomes());
    }

    [Fact]
    public void A_spread_delay_that_is_changed_while_an_iteration_runs_is_counted_from_its_end()
    {
        IsGated = true;
        Run(task => task.WithDelay(100.Seconds).Spread());
        Host.Advance(100.Seconds);
        Change(options => options.Delay = 50.Seconds);
        Host.Advance(200.Seconds);
        Open();
        Assert.Equal(0, AtTheGate);
        Host.Advance(49.Seconds);
        Assert.Equal(0, AtTheGate);
        Host.Advance(1.Seconds);

        Assert.Equal(1, AtTheGate);
    }

    [Fact]
    public void A_slot_that_has_come_and_waits_for_its_jitter_is_met_at_once()
    {
        Run(task => task.Cron("* * * * *").Spread());
        Host.Advance(60.Seconds);
        Assert.Equal("", Outcomes());
        Change(options => options.Cron = "0 * * * *");
        Host.Advance(10.Minutes);

        var record = Assert.Single(Host.Records("task"));
        Assert.Equal((LoopHost.Start + 60.Seconds, LoopHost.Start + 60.Seconds, IterationOutcome.Succeeded),
            (record.Slot, record.Started, record.Outcome));
    }

    [Fact]
    public void It_may_begin_at_an_instant_that_is_one_of_its_slots()
    {
        Run(task => task.Cron("0 * * * *"));
        Host.Advance(70.Minutes);
        Change(options => options.StartAt = LoopHost.Start + 3.Hours);
        Host.Advance(3.Hours);

        Assert.Equal([3600, 3 * 3600, 4 * 3600], Starts());
    }

    [Fact]
    public void It_lies_on_the_grid_through_an_instant_that_has_passed()
    {
        Run(task => task.Every(1.Hours));
        Host.Advance(70.Minutes);
        Change(options => (options.Every, options.StartAt) = (25.Minutes, LoopHost.Start));
        Host.Advance(35.Minutes);

        Assert.Equal([0, 60, 75, 100], Starts().Select(seconds => seconds / 60));
    }

    private void Change(Action<RecurringTaskOptions> change)
    {
        var changed = Task.ChangeAsync(change);
        Host.Settle();
        Host.Wait(changed);
    }

    private IEnumerable<double> Starts() =>
        Host.Records("task").Select(record => Math.Round((record.Started - LoopHost.Start).TotalSeconds));
}
