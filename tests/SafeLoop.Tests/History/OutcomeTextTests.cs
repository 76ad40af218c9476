namespace SafeLoop.Tests.History;

/// <summary>Every outcome with every reason has a sentence, also one that a newer version has stored.</summary>
public class OutcomeTextTests
{
    [Theory]
    [InlineData(IterationOutcome.Succeeded, OutcomeReason.None, "ran and succeeded")]
    [InlineData(IterationOutcome.Failed, OutcomeReason.None, "ran and failed")]
    [InlineData(IterationOutcome.TimedOut, OutcomeReason.None, "ran and was cancelled at its time limit")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.HostStopping, "was interrupted because the host was stopping")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.LockLost,
        "was interrupted because its lock 'l' was lost, or its lease could not be renewed in time")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.Removed, "was interrupted because the task was removed")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.Cancelled, "was cancelled by hand")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.Replaced,
        "was interrupted because a newer run took its place (Overlap.CancelRunning)")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.HostLost,
        "was interrupted because its host ended without recording the outcome")]
    [InlineData(IterationOutcome.Interrupted, OutcomeReason.ShardLost,
        "was interrupted because its host gave the loop to another host, or could no longer prove that it owned it")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.LockHeld, "was skipped because another owner held its lock 'l'")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.PreviousRunning,
        "was skipped because it came due while the previous iteration was running")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.ConditionFalse,
        "was skipped because a While check returned false or an Until check true, which ended the loop")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.Paused, "was skipped because the task was paused")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.Missed,
        "was skipped because it was noticed too late (the process slept, was stopped by a debugger, or was overloaded)")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.BufferFull,
        "was skipped because the buffer of waiting slots, or the limit of parallel iterations, was full")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.Disabled,
        "was skipped because the task was disabled or its loop was not running")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.AlreadyRun,
        "was skipped because another replica had already run this slot under its lock 'l', or claimed it")]
    [InlineData(IterationOutcome.Skipped, OutcomeReason.HostDown,
        "was skipped because no host was running when it came due")]
    [InlineData(IterationOutcome.Skipped, (OutcomeReason)200, "ended as Skipped (200)")]
    [InlineData((IterationOutcome)77, OutcomeReason.None, "ended as 77")]
    public void Each_pair_that_occurs_has_its_own(IterationOutcome outcome, OutcomeReason reason, string expected)
    {
        Assert.Equal(expected, OutcomeText.Describe(outcome, reason, "l"));
    }

    [Fact]
    public void Every_reason_occurs_and_every_pair_has_a_sentence()
    {
        var pairs = from outcome in Enum.GetValues<IterationOutcome>()
                    from reason in Enum.GetValues<OutcomeReason>()
                    select (Reason: reason, Text: OutcomeText.Describe(outcome, reason, null));

        Assert.All(pairs, pair => Assert.NotEmpty(pair.Text));
        Assert.Empty(Enum.GetValues<OutcomeReason>().Except(
            pairs.Where(pair => !pair.Text.StartsWith("ended as", StringComparison.Ordinal)).Select(pair => pair.Reason)));
    }
}
