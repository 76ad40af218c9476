namespace SafeLoop.Tests.Planning;

public class PlannerBoundsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    public void StartAfter_counts_from_the_start(int startAfter, double from) =>
        Assert.Equal(
            100 + from, new PlannerCase(PlannerCase.Every10, o => o.StartAfter = startAfter.Seconds).PlannedFrom(now: 100));

    [Theory]
    [InlineData(100, 130, 130)]
    [InlineData(100, 100, 100)]
    [InlineData(100, 93, 103)] // the grid goes through 93
    [InlineData(100, 90, 100)]
    public void The_grid_goes_through_StartAt_also_when_it_has_passed(double now, double startAt, double from) =>
        Assert.Equal(from, new PlannerCase(PlannerCase.Every10).PlannedFrom(now, startAt));

    [Fact]
    public void Other_schedules_start_at_once_when_StartAt_has_passed()
    {
        Assert.Equal(100, new PlannerCase(PlannerCase.Delay10).PlannedFrom(now: 100, startAt: 93));
        Assert.Equal(130, new PlannerCase(PlannerCase.Delay10).PlannedFrom(now: 100, startAt: 130));
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(121, 180)]
    public void A_cron_slot_at_StartAt_itself_runs(double startAt, double first)
    {
        var planner = new PlannerCase(PlannerCase.Minutely, o => o.StartAt = PlannerCase.At(startAt).ToDateTimeOffset()).Begin(0);

        Assert.Equal(first, planner.NextSlot(now: 0));
    }

    [Theory]
    [InlineData(30, 30d)]
    [InlineData(29.9, null)]
    public void No_slot_is_after_EndAt(double endAt, double? next) =>
        Assert.Equal(next, Ending(endAt).After(20).NextSlot(now: 21));

    [Fact]
    public void A_chosen_slot_is_not_after_EndAt_either() =>
        Assert.Null(Ending(25).After(20).NextSlot(now: 21, chosen: 26));

    [Fact]
    public void Spread_shifts_an_interval_by_a_stable_share_of_its_period()
    {
        var from = new PlannerCase(PlannerCase.Every10, o => o.Spread = true).PlannedFrom(now: 0);

        Assert.Equal(10 * StableHash.Share("updateDeviceInfo"), from, tolerance: 1e-6);
        Assert.NotEqual(0, from);
    }

    [Fact]
    public void Spread_shifts_the_start_but_not_the_slot_of_a_cron_schedule_by_less_than_a_minute()
    {
        var next = new PlannerCase(CronSchedule.Parse("0 * * * *"), o => o.Spread = true).Next(now: 1);

        Assert.Equal(3600, PlannerCase.Seconds(next.Slot));
        Assert.Equal(3600 + (60 * StableHash.Share("updateDeviceInfo")), PlannerCase.Seconds(next.Due), tolerance: 1e-6);
    }

    [Fact]
    public void A_policy_that_does_not_look_at_its_start_is_kept_from_running_before_it()
    {
        var policy = new ScriptedPolicy((_, now) => now + 5.Seconds);
        var planner = new PlannerCase(policy, o => o.StartAfter = 1.Minutes);
        planner.Begin(0);

        Assert.Equal(60, planner.NextSlot(now: 0));
        Assert.Equal(75, planner.After(60).NextSlot(now: 70));
    }

    [Fact]
    public void A_start_past_the_end_of_time_leaves_no_slot()
    {
        foreach (var policy in new ISchedule[] { PlannerCase.Every10, PlannerCase.Delay10, PlannerCase.Minutely,
            new Continuous() })
        {
            var planner = new PlannerCase(policy, o => (o.StartAfter, o.Spread) = (TimeSpan.MaxValue, true));
            planner.Begin(0);

            Assert.Null(planner.NextSlot(now: 0));
        }
    }

    private static PlannerCase Ending(double endAt) =>
        new(PlannerCase.Every10, o => o.EndAt = PlannerCase.At(endAt).ToDateTimeOffset());
}
