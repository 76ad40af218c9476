namespace SafeLoop.Tests.Planning;

public class OverlapRuleTests
{
    [Theory]
    [InlineData(Overlap.Skip, 1, 0, 0, false, OutcomeReason.PreviousRunning)]
    [InlineData(Overlap.Skip, 1_000_000, 0, 0, false, OutcomeReason.PreviousRunning)]
    [InlineData(Overlap.BufferOne, 1, 0, 1, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.BufferOne, 5, 0, 1, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.BufferOne, 1, 1, 0, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.BufferOne, 1, 3, 0, false, OutcomeReason.BufferFull)] // full of missed ones
    [InlineData(Overlap.BufferAll, 2, 0, 2, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.BufferAll, 9, 0, 4, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.BufferAll, 9, 3, 1, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.BufferAll, 9, 7, 0, false, OutcomeReason.BufferFull)]
    [InlineData(Overlap.CancelRunning, 1, 0, 1, true, OutcomeReason.PreviousRunning)]
    [InlineData(Overlap.CancelRunning, 9, 1, 1, true, OutcomeReason.PreviousRunning)]
    public void So_many_slots_are_kept_for_after_the_running_iteration(
        Overlap policy, long count, int waiting, long keep, bool cancel, OutcomeReason dropped) =>
        Assert.Equal(
            new OverlapRule(keep, cancel, dropped),
            OverlapRule.Decide(new RecurringTaskOptions { Overlap = { Policy = policy, Max = 4 } }, count, waiting));
}
