namespace SafeLoop.Tests.Schedules;

public class FixedRateTests
{
    private static readonly DateTimeOffset Start = LoopHost.Start;
    private readonly FixedRate _every10 = new(10.Seconds);

    [Fact]
    public void The_first_slot_is_the_start() =>
        Assert.Equal(Start, _every10.Next(new LoopState { From = Start }, Start + 3.Seconds));

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(20, 20, 30)]
    [InlineData(20, 24, 30)] // a step chose 24; the grid goes on
    [InlineData(20, 30, 40)]
    [InlineData(20, 31, 40)]
    [InlineData(20, 99, 100)]
    public void The_next_slot_is_the_first_of_the_grid_after_the_last(int planned, int last, int next) =>
        Assert.Equal(Start + next.Seconds, _every10.Next(After(planned, last), Start + 1000.Seconds));

    [Fact]
    public void A_schedule_that_starts_anew_does_not_run_sooner_than_a_period_after_the_last_slot()
    {
        var history = After(planned: 8, last: 8);

        history.From = Start + 9.Seconds;
        Assert.Equal(Start + 18.Seconds, _every10.Next(history, Start + 9.Seconds));
        history.From = Start + 30.Seconds;
        Assert.Equal(Start + 30.Seconds, _every10.Next(history, Start + 9.Seconds));
    }

    [Theory]
    [InlineData(0, -5, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 10)]
    [InlineData(0, 10, 10)]
    [InlineData(3, 14, 23)]
    public void The_grid_is_found_from_any_of_its_slots(int slot, int instant, int found) =>
        Assert.Equal(Start + found.Seconds, _every10.AtOrAfter(Start + slot.Seconds, Start + instant.Seconds));

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(9, 1, 0)]
    [InlineData(10, 2, 10)]
    [InlineData(25, 3, 20)]
    [InlineData(-5, 1, 0)]
    public void Slots_are_counted_up_to_and_including_the_instant(int upTo, int count, int latest) =>
        Assert.Equal(new DueSlots(count, Start + latest.Seconds), _every10.Count(Start, Start + upTo.Seconds));

    [Fact]
    public void All_milliseconds_of_all_time_are_counted_at_once()
    {
        var every = new FixedRate(TimeSpan.FromMilliseconds(1));

        var due = every.Count(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

        Assert.Equal((DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMillisecond) + 1, due.Count);
        Assert.True(Instant.Never - due.Latest < TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void At_the_end_of_time_there_is_no_further_slot()
    {
        var last = DateTimeOffset.MaxValue - 5.Seconds;
        var history = new LoopState { From = Start, Planned = last, Slot = last };

        Assert.Equal(Instant.Never, _every10.Next(history, last));
        Assert.Equal(Instant.Never, _every10.AtOrAfter(last, Instant.Never));
        Assert.Equal(Instant.Never, new FixedRate(TimeSpan.MaxValue).Next(After(0, 5), Start));
    }

    [Fact]
    public void The_slot_before_is_a_period_earlier()
    {
        Assert.Equal(Start - 10.Seconds, _every10.Before(Start, Start));
        Assert.Equal(Instant.None, _every10.Before(DateTimeOffset.MinValue + 5.Seconds, DateTimeOffset.MinValue + 5.Seconds));
    }

    private static LoopState After(int planned, int last) =>
        new() { From = Start, Planned = Start + planned.Seconds, Slot = Start + last.Seconds };
}
