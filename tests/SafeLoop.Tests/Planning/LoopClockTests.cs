namespace SafeLoop.Tests.Planning;

public class LoopClockTests
{
    private static readonly DateTimeOffset Instant = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void An_instant_of_the_wall_clock_is_not_moved_by_the_time_it_takes_to_read_two_clocks()
    {
        var clock = new LoopClock(new TickingTime(), isWallClock: false);

        Assert.Equal(Instant, clock.FromWall(Instant).ToDateTimeOffset());
        Assert.Equal(Instant, clock.ToWall(Instant).ToDateTimeOffset());
    }

    [Fact]
    public void The_loop_s_clock_is_never_ahead_of_a_wall_clock_that_was_not_set()
    {
        var time = new TickingTime();
        var clock = new LoopClock(time, isWallClock: false);

        for (var i = 0; i < 10; i++)
            Assert.True(clock.Now.ToDateTimeOffset() < time.GetUtcNow());
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(0.05)]
    public void A_wall_clock_that_was_set_moves_it(double seconds)
    {
        var time = new TickingTime();
        var clock = new LoopClock(time, isWallClock: false);
        time.Set = TimeSpan.FromSeconds(seconds);

        Assert.Equal(-seconds, (clock.FromWall(Instant) - Instant).TotalSeconds, 0.001);
        Assert.Equal(seconds, (clock.ToWall(Instant) - Instant).TotalSeconds, 0.001);
    }

    /// <summary>Time passes while one looks at a clock.</summary>
    private sealed class TickingTime : TimeProvider
    {
        private long _ticks = LoopHost.Start.UtcTicks;

        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += 3;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(_ticks += 3, TimeSpan.Zero) + Set;
    }
}
