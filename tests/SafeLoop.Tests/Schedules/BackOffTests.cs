using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Schedules;

public class BackOffTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 6)]
    [InlineData(3, 18)]
    [InlineData(4, 54)]
    [InlineData(5, 60)]
    [InlineData(6, 60)]
    [InlineData(10_000, 60)]
    [InlineData(int.MaxValue, 60)]
    public void The_pause_grows_by_the_factor_up_to_the_longest(int failures, int seconds) =>
        Assert.Equal(seconds.Seconds, BackOff.After(failures, Options(initial: 2, max: 60, factor: 3), Never));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10_000)]
    public void With_a_factor_of_1_the_pause_stays(int failures) =>
        Assert.Equal(2.Seconds, BackOff.After(failures, Options(initial: 2, max: 60, factor: 1), Never));

    [Fact]
    public void A_pause_without_measure_does_not_end_the_loop()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", (_, _) => throw new FormatException())
            .Every(1.Hours).BackOff(1.Hours, TimeSpan.MaxValue, factor: 1e9));
        host.Advance(3.Hours);

        Assert.Equal((RecurringTaskState.Waiting, 2), (host["t"].State, host["t"].Snapshot().ConsecutiveFailures));
        Assert.Equal(2126, host["t"].Snapshot().NextSlot!.Value.Year);
    }

    [Fact]
    public void Without_an_initial_pause_there_is_none() =>
        Assert.Equal(TimeSpan.Zero, BackOff.After(3, new RecurringTaskOptions(), Never));

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0.5, 10)]
    [InlineData(1, 12)]
    public void Jitter_draws_a_share_around_the_pause(double drawn, int seconds) =>
        Assert.Equal(
            seconds, BackOff.After(1, Options(initial: 10, max: 60, factor: 2, jitter: 0.2), () => drawn).TotalSeconds, 5);

    [Fact]
    public void The_longest_of_all_pauses_is_a_hundred_years()
    {
        var options = new RecurringTaskOptions
        {
            BackOff = { Initial = 1.Days, Max = TimeSpan.MaxValue, Factor = double.MaxValue, Jitter = 1 },
        };

        Assert.Equal(36_525.Days, BackOff.After(10_000, options, () => 1));
    }

    private static RecurringTaskOptions Options(int initial, int max, double factor, double jitter = 0) =>
        new() { BackOff = { Initial = initial.Seconds, Max = max.Seconds, Factor = factor, Jitter = jitter } };

    private static double Never() => throw new InvalidOperationException("Nothing is drawn without jitter.");
}
