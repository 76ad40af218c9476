namespace SafeLoop.Tests.Planning;

public class PlannerJitterTests
{
    [Fact]
    public void Jitter_delays_the_start_and_leaves_the_slot()
    {
        var next = new PlannerCase(PlannerCase.Every10, o => o.Jitter = 4.Seconds, random: 0.25).After(20).Next(now: 21);

        Assert.Equal((30, 31), (PlannerCase.Seconds(next.Slot), PlannerCase.Seconds(next.Due)));
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(0.5, 35)]
    [InlineData(0.9, 39)]
    public void Jitter_longer_than_the_gap_is_drawn_from_the_gap(double random, double due) =>
        Assert.Equal(due, new PlannerCase(PlannerCase.Every10, o => o.Jitter = TimeSpan.MaxValue, random).After(20)
            .NextDue(now: 21)!.Value, 5);

    [Fact]
    public void Jitter_never_reaches_the_next_slot()
    {
        Assert.True(new PlannerCase(PlannerCase.Every10, o => o.Jitter = 1.Hours, random: 1).After(20).NextDue(now: 21) < 40);
        Assert.True(
            new PlannerCase(PlannerCase.Minutely, o => (o.Jitter, o.Spread) = (1.Hours, true), random: 1).NextDue(now: 1) < 120);
    }

    [Fact]
    public void A_slot_that_is_planned_again_keeps_its_jitter()
    {
        var draws = 0;
        var planner = new PlannerCase(PlannerCase.Every10, o => o.Jitter = 10.Seconds, () => 1.0 / ++draws).After(20);
        var slots = Enumerable.Range(0, 5).Select(i => planner.Next(now: 21 + i)).ToArray();

        Assert.Single(slots.Distinct());
        Assert.Equal(1, draws);
    }

    [Fact]
    public void Jitter_without_a_next_slot_ends_with_time()
    {
        var planner = new PlannerCase(new ScriptedPolicy((_, _) => DateTimeOffset.MaxValue - 1.Seconds),
            o => o.Jitter = TimeSpan.MaxValue, random: 1);

        Assert.True(planner.Next(now: 0).Due < DateTimeOffset.MaxValue);
    }

    [Theory]
    [InlineData(33, 1, 30)]
    [InlineData(42.9, 1, 30)]
    [InlineData(43, 2, 40)]
    [InlineData(60, 3, 50)]
    public void Jitter_alone_makes_no_slot_a_missed_one(double now, long count, double latest)
    {
        var planned = new PlannedSlot(PlannerCase.At(30), PlannerCase.At(33), IsBySchedule: true);

        Assert.Equal(new DueSlots(count, PlannerCase.At(latest)), new PlannerCase(PlannerCase.Every10).CountDue(planned, now));
    }

    [Theory]
    [InlineData(true, 45, null, 2, 40)]
    [InlineData(true, 1e6, 65d, 4, 60)] // no slot after EndAt is due
    [InlineData(false, 45, null, 1, 30)] // what a step chose is one slot
    public void Slots_that_came_due_together_are_counted(bool bySchedule, double now, double? endAt, long count, double latest)
    {
        var planned = new PlannedSlot(PlannerCase.At(30), PlannerCase.At(30), bySchedule);

        var due = new PlannerCase(PlannerCase.Every10).CountDue(planned, now, endAt is { } end ? PlannerCase.At(end) : null);

        Assert.Equal(new DueSlots(count, PlannerCase.At(latest)), due);
    }
}
