namespace SafeLoop.Tests.Ending;

public sealed class FailureRuleTests
{
    [Theory]
    [InlineData(1, nameof(FailureConsequence.None))]
    [InlineData(2, nameof(FailureConsequence.Pause))]
    [InlineData(3, nameof(FailureConsequence.StopLoop))]
    [InlineData(4, nameof(FailureConsequence.StopHost))]
    [InlineData(5, nameof(FailureConsequence.StopHost))]
    public void The_strongest_consequence_that_applies_counts(int failures, string expected)
    {
        var options = new RecurringTaskOptions { Failures = { PauseAfter = 2, StopAfter = 3, StopHostAfter = 4 } };

        Assert.Equal(expected, FailureRule.After(failures, options).ToString());
    }

    [Fact]
    public void Without_limits_failures_have_no_consequence() =>
        Assert.Equal(FailureConsequence.None, FailureRule.After(int.MaxValue, new()));
}
