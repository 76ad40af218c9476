namespace SafeLoop.Tests.Delays;

public class InstantsTests
{
    private static readonly DateTimeOffset End = DateTimeOffset.MaxValue;

    [Fact]
    public void A_sum_before_the_end_of_time_is_the_sum() => Assert.Equal(LoopHost.Start + 6.Hours, Instants.Add(LoopHost.Start, 2.Hours, 3));

    [Fact]
    public void A_sum_at_the_end_of_time_is_still_one() => Assert.Equal(End, Instants.Add(End - 4.Seconds, 2.Seconds, 2));

    [Fact]
    public void A_sum_past_the_end_of_time_is_no_slot()
    {
        Assert.Null(Instants.Add(End - 4.Seconds, 4.Seconds + TimeSpan.FromTicks(1)));
        Assert.Null(Instants.Add(LoopHost.Start, TimeSpan.MaxValue));
        Assert.Null(Instants.Add(LoopHost.Start, 1.Days, long.MaxValue));
        Assert.Null(Instants.Add(End, TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Nothing_added_changes_nothing() => Assert.Equal(End, Instants.Add(End, TimeSpan.Zero, long.MaxValue));

    [Fact]
    public void Just_after_is_a_tick_later_except_at_the_end_of_time()
    {
        Assert.Equal(LoopHost.Start.AddTicks(1), Instants.JustAfter(LoopHost.Start));
        Assert.Equal(End, Instants.JustAfter(End));
    }
}
