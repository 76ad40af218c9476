namespace SafeLoop.Tests.Schedules;

public class InstantTests
{
    private static readonly Instant Start = LoopHost.Start;
    private static readonly Instant End = Instant.Never;

    [Fact]
    public void A_sum_before_the_end_of_time_is_the_sum() => Assert.Equal(Start + 6.Hours, Start.After(2.Hours, 3));

    [Fact]
    public void A_sum_past_the_end_of_time_is_never()
    {
        Assert.Equal(End, End - 4.Seconds + (4.Seconds + TimeSpan.FromTicks(1)));
        Assert.Equal(End, Start + TimeSpan.MaxValue);
        Assert.Equal(End, Start.After(1.Days, long.MaxValue));
        Assert.Equal(End, End + TimeSpan.FromTicks(1));
    }

    [Fact]
    public void A_difference_before_the_beginning_of_time_is_none()
    {
        Assert.Equal(Instant.None, Start - TimeSpan.MaxValue);
        Assert.Equal(Instant.None, Start + -TimeSpan.MaxValue);
    }

    [Fact]
    public void Nothing_added_changes_nothing()
    {
        Assert.Equal(End, End.After(TimeSpan.Zero, long.MaxValue));
        Assert.Equal(Start, Start + TimeSpan.Zero);
    }

    [Fact]
    public void Just_after_is_a_tick_later_except_at_the_end_of_time()
    {
        Assert.Equal(Start + TimeSpan.FromTicks(1), Start.JustAfter);
        Assert.Equal(End, End.JustAfter);
    }

    [Fact]
    public void Outside_not_yet_and_never_are_null()
    {
        Assert.Null(Instant.None.ToNullable());
        Assert.Null(Instant.Never.ToNullable());
        Assert.Equal(LoopHost.Start, Start.ToNullable());
    }

    [Fact]
    public void An_instant_of_any_offset_is_the_same_instant() =>
        Assert.Equal(Start, (Instant)LoopHost.Start.ToOffset(5.Hours));
}
