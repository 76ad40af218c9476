namespace SafeLoop.Tests.Planning;

public class MissedRuleTests
{
    // Slots are 10 seconds apart; "late" is the lateness of the latest of those due; window -1: not set.
    [Theory]
    [InlineData(MissedSlots.RunLatest, -1, 5, 9, 1)]
    [InlineData(MissedSlots.RunLatest, -1, 5, 100, 1)]
    [InlineData(MissedSlots.RunLatest, 3, 5, 3, 1)]
    [InlineData(MissedSlots.RunLatest, 3, 5, 4, 0)]
    [InlineData(MissedSlots.RunLatest, 0, 1, 0, 1)]
    [InlineData(MissedSlots.RunLatest, 0, 1, 1, 0)]
    [InlineData(MissedSlots.Skip, -1, 5, 5, 1)]
    [InlineData(MissedSlots.Skip, -1, 5, 6, 0)]
    [InlineData(MissedSlots.Skip, 8, 5, 8, 1)]
    [InlineData(MissedSlots.Skip, 8, 5, 9, 0)]
    [InlineData(MissedSlots.RunAll, -1, 5, 9, 5)]
    [InlineData(MissedSlots.RunAll, -1, 8, 9, 7)] // at most 7
    [InlineData(MissedSlots.RunAll, 3, 5, 4, 0)]
    [InlineData(MissedSlots.RunAll, 3, 5, 3, 5)] // as far as they lie within the window themselves
    public void So_many_of_the_late_slots_run_at_most(MissedSlots policy, int window, int count, int late, int run)
    {
        var options = new RecurringTaskOptions
        {
            Missed = { Policy = policy, Window = window < 0 ? null : window.Seconds, Max = 7 },
        };

        Assert.Equal(
            run, MissedRule.SlotsToRun(options, count, late.Seconds, MissedRule.WindowOf(options, 10.Seconds, wasDown: false)));
    }

    [Theory]
    [InlineData(MissedSlots.RunLatest)]
    [InlineData(MissedSlots.Skip)]
    public void A_schedule_without_a_next_slot_has_no_window_of_its_own(MissedSlots policy)
    {
        var options = new RecurringTaskOptions { Missed = { Policy = policy } };

        Assert.Equal(1, MissedRule.SlotsToRun(options, 1, 1000.Days, MissedRule.WindowOf(options, gap: null, wasDown: false)));
    }

    [Theory]
    [InlineData(MissedSlots.RunLatest, -1, 20)]
    [InlineData(MissedSlots.RunLatest, 3, 3)]
    [InlineData(MissedSlots.RunLatest, 30, 20)]
    [InlineData(MissedSlots.Skip, -1, 5)]
    [InlineData(MissedSlots.RunAll, -1, 20)]
    public void Slots_from_before_the_start_have_the_narrower_of_both_windows(MissedSlots policy, int window, int expected)
    {
        var options = new RecurringTaskOptions
        {
            Missed = { Policy = policy, Window = window < 0 ? null : window.Seconds },
            SurviveRestarts = 20.Seconds,
        };

        Assert.Equal(expected.Seconds, MissedRule.WindowOf(options, 10.Seconds, wasDown: true));
    }
}
