namespace SafeLoop.Tests.Schedules;

/// <summary>The schedules that count from the end of the last iteration.</summary>
public class EndedDelayTests
{
    private static readonly DateTimeOffset Start = LoopHost.Start;
    private readonly FixedDelay _delay10 = new(10.Seconds);
    private readonly Continuous _continuous = new();

    [Fact]
    public void The_first_slot_is_the_start()
    {
        Assert.Equal(Start, _delay10.Next(new LoopState { From = Start }, Start + 3.Seconds));
        Assert.Equal(Start, _continuous.Next(new LoopState { From = Start }, Start + 3.Seconds));
    }

    [Fact]
    public void A_fixed_delay_counts_from_the_end() =>
        Assert.Equal(Start + 17.Seconds, _delay10.Next(Ended(7), Start + 8.Seconds));

    [Fact]
    public void A_fixed_delay_that_starts_anew_does_not_run_before_its_start()
    {
        var history = Ended(7);
        history.From = Start + 1.Hours;

        Assert.Equal(Start + 1.Hours, _delay10.Next(history, Start + 8.Seconds));
    }

    [Fact]
    public void At_the_end_of_time_there_is_no_further_slot()
    {
        var history = Ended(0, IterationOutcome.Failed);
        history.Ended = DateTimeOffset.MaxValue;

        Assert.Equal(Instant.Never, _delay10.Next(history, Instant.Never));
        Assert.Equal(Instant.Never, _continuous.Next(history, Instant.Never));
    }

    [Theory]
    [InlineData(IterationOutcome.Succeeded, 7)]
    [InlineData(IterationOutcome.Failed, 8)]
    [InlineData(IterationOutcome.TimedOut, 8)]
    [InlineData(IterationOutcome.Interrupted, 8)]
    [InlineData(IterationOutcome.Skipped, 8)]
    public void A_continuous_loop_goes_on_at_the_end_and_after_anything_but_a_success_a_second_later(
        IterationOutcome outcome, int next) =>
        Assert.Equal(Start + next.Seconds, _continuous.Next(Ended(7, outcome), Start + 7.Seconds));

    private static LoopState Ended(int seconds, IterationOutcome outcome = IterationOutcome.Succeeded) =>
        new() { From = Start, Planned = Start, Slot = Start, Ended = Start + seconds.Seconds, Outcome = outcome };
}
