namespace SafeLoop.Tests.Planning;

public class PlannerTests
{
    [Fact]
    public void What_a_step_chose_comes_before_the_schedule()
    {
        var planner = new PlannerCase(PlannerCase.Every10).After(20);

        var next = planner.Next(now: 21, chosen: 23);

        Assert.Equal(new PlannedSlot(PlannerCase.At(23), PlannerCase.At(23), IsBySchedule: false), next);
    }

    [Fact]
    public void A_chosen_slot_is_not_backed_off() =>
        Assert.Equal(21, new PlannerCase(PlannerCase.Every10, o => o.BackOff.Initial = 1.Minutes).After(20, 20.5, failures: 3)
            .NextSlot(now: 20.5, chosen: 21));

    [Fact]
    public void A_chosen_slot_that_is_not_after_the_last_is_due_at_once_and_still_counted_after_it()
    {
        var next = new PlannerCase(PlannerCase.Every10).After(20).Next(now: 25, chosen: 3);

        Assert.Equal(PlannerCase.At(20).JustAfter, next.Slot);
        Assert.True(next.Due <= PlannerCase.At(25));
    }

    [Fact]
    public void Run_on_start_runs_once_where_the_schedule_starts()
    {
        var planner = new PlannerCase(PlannerCase.Minutely, o => o.RunOnStart = true);
        planner.Begin(7);

        Assert.Equal(7, planner.NextSlot(now: 7));
        Assert.Equal(60, planner.After(7).NextSlot(now: 8));
    }

    [Fact]
    public void Run_on_start_of_a_cron_schedule_is_not_before_StartAt_and_not_beside_a_slot_there()
    {
        var planner = new PlannerCase(PlannerCase.Minutely,
            o => (o.RunOnStart, o.StartAt) = (true, PlannerCase.At(120).ToDateTimeOffset()));
        planner.Begin(0);

        Assert.Equal(120, planner.NextSlot(now: 0));
        Assert.Equal(180, planner.After(120).NextSlot(now: 121));
    }

    [Theory]
    [InlineData(1, 20.5, 30)] // the pause of 5 ends before the next slot
    [InlineData(2, 20.5, 40)] // 10: the first slot of the grid after 30.5
    [InlineData(2, 20, 30)]
    [InlineData(3, 20.5, 50)]
    [InlineData(10_000, 20.5, 90)] // 60 at most
    public void Back_off_on_a_grid_goes_on_with_the_first_slot_after_the_pause(int failures, double ended, double next) =>
        Assert.Equal(next, new PlannerCase(PlannerCase.Every10, BackingOff).After(20, ended, failures).NextSlot(now: ended));

    [Theory]
    [InlineData(1, 30.5)]
    [InlineData(3, 40.5)]
    [InlineData(10_000, 80.5)]
    public void Back_off_of_a_fixed_delay_is_the_longer_of_both(int failures, double next) =>
        Assert.Equal(next, new PlannerCase(PlannerCase.Delay10, BackingOff).After(20, 20.5, failures).NextSlot(now: 20.5));

    [Fact]
    public void After_a_success_there_is_no_back_off() =>
        Assert.Equal(30, new PlannerCase(PlannerCase.Every10, BackingOff).After(20, 20.5).NextSlot(now: 20.5));

    [Fact]
    public void A_back_off_past_the_end_of_time_is_one_of_a_hundred_years() =>
        Assert.Equal(20 + 36_525.Days.TotalSeconds,
            new PlannerCase(PlannerCase.Every10, o => (o.BackOff.Initial, o.BackOff.Max) = (TimeSpan.MaxValue, TimeSpan.MaxValue))
                .After(20, 20, failures: 1).NextSlot(now: 20));

    private static void BackingOff(RecurringTaskOptions options) =>
        (options.BackOff.Initial, options.BackOff.Max) = (5.Seconds, 60.Seconds);
}
