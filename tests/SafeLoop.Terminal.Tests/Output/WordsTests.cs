namespace SafeLoop.Terminal.Tests.Output;

public sealed class WordsTests
{
    [Theory]
    [InlineData(RecurringTaskState.Paused, "paused: stocktaking (by olga)")]
    [InlineData(RecurringTaskState.Running, "running, paused: stocktaking (by olga)")]
    [InlineData(null, "unknown, paused: stocktaking (by olga)")]
    public void The_reason_of_a_pause_is_not_that_of_another_state(RecurringTaskState? state, string words)
    {
        var pause = new TaskPause { Reason = "stocktaking", By = "olga", Since = DateTimeOffset.UnixEpoch };

        Assert.Equal(words, Words.Of(new TaskLine { Name = "t", State = state, Pause = pause }));
    }
}
