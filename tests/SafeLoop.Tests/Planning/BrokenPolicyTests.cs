namespace SafeLoop.Tests.Planning;

public class BrokenPolicyTests
{
    [Fact]
    public void A_policy_that_throws_is_reported_and_the_loop_goes_on_a_minute_later()
    {
        var planner = new PlannerCase(new ScriptedPolicy((_, _) => throw new InvalidOperationException())).After(20);

        Assert.Equal(85, planner.NextSlot(now: 25));
        Assert.Contains("threw", Assert.Single(planner.Faults));
    }

    [Theory]
    [InlineData(20, 25, 85)] // the last slot again
    [InlineData(20, 20, 80)] // at its very instant
    [InlineData(-1e9, 25, 85)] // long ago
    [InlineData(5, 10, 80)] // and the clock was set back: a minute after the last slot
    public void A_policy_that_answers_with_a_slot_not_after_the_last_cannot_make_the_loop_spin(
        double answer, double now, double next)
    {
        var planner = new PlannerCase(new ScriptedPolicy((_, _) => PlannerCase.At(answer).ToDateTimeOffset())).After(20);

        Assert.Equal((next, 1), (planner.NextSlot(now), planner.Faults.Count));
    }

    [Fact]
    public void A_slot_to_come_on_a_clock_that_was_set_back_is_due_then_and_still_counted_after_the_last()
    {
        var next = new PlannerCase(new ScriptedPolicy((_, _) => PlannerCase.At(15).ToDateTimeOffset())).After(20).Next(now: 10);

        Assert.Equal((PlannerCase.At(20).JustAfter, PlannerCase.At(15)), (next.Slot, next.Due));
    }

    [Fact]
    public void A_broken_policy_that_is_called_again_is_reported_once_and_does_not_postpone_the_slot()
    {
        var planner = new PlannerCase(new ScriptedPolicy((_, _) => throw new InvalidOperationException())).After(20);

        Assert.Equal(
            [85d, 85d, 85d], new double?[] { planner.NextSlot(now: 25), planner.NextSlot(now: 50), planner.NextSlot(now: 84) });
        Assert.Single(planner.Faults);

        Assert.Equal(146, planner.After(85).NextSlot(now: 86));
        Assert.Equal(2, planner.Faults.Count);
    }

    [Fact]
    public void A_policy_that_has_recovered_is_believed()
    {
        var broken = true;
        var planner = new PlannerCase(new ScriptedPolicy((_, now) => broken
            ? throw new InvalidOperationException()
            : now + 1.Seconds)).After(20);

        planner.Next(now: 25);
        broken = false;

        Assert.Equal(31, planner.NextSlot(now: 30));
    }

    [Fact]
    public void A_first_slot_in_the_past_is_due_at_once() =>
        Assert.Equal(
            -500, new PlannerCase(new ScriptedPolicy((_, _) => PlannerCase.At(-500).ToDateTimeOffset())).NextSlot(now: 0));

    [Fact]
    public void A_policy_that_answers_null_has_no_slot_and_no_fault()
    {
        var planner = new PlannerCase(new ScriptedPolicy((_, _) => null)).After(20);

        Assert.Null(planner.NextSlot(now: 25));
        Assert.Empty(planner.Faults);
    }

    [Fact]
    public void A_slot_in_another_offset_is_the_same_instant_in_UTC()
    {
        var next = new PlannerCase(new ScriptedPolicy((_, _) => PlannerCase.At(30).ToDateTimeOffset().ToOffset(5.Hours)))
            .Next(now: 0);

        Assert.Equal(30, PlannerCase.Seconds(next.Slot));
    }

    [Theory]
    [InlineData("0001-01-01Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public void A_policy_that_answers_with_an_end_of_time_cannot_break_the_planner(string answer)
    {
        var instant = DateTimeOffset.Parse(answer, null, System.Globalization.DateTimeStyles.AssumeUniversal);
        var planner = new PlannerCase(new ScriptedPolicy((_, _) => instant),
            o => (o.Jitter, o.BackOff.Initial) = (1.Hours, 1.Hours), random: 1);

        planner.Next(now: 0);
        planner.After(20, 20, failures: 1).Next(now: 25);
    }
}
