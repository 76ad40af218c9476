using System.Globalization;

namespace SafeLoop.Dashboard.Tests;

public sealed class ScheduleWordsTests
{
    [Theory]
    [InlineData("00:05:00", "every 5 min")]
    [InlineData("00:00:00.2500000", "every 0.25 s")]
    [InlineData("00:01:00.5000000", "every 1 min 0.5 s")]
    [InlineData("1.01:01:01", "every 1 d 1 h 1 min 1 s")]
    [InlineData("00:00:00.0010000", "every 0.001 s")]
    public void A_period_is_written_in_full(string period, string words) =>
        Assert.Equal(words, ScheduleWords.Describe(new() { Every = TimeSpan.Parse(period, CultureInfo.InvariantCulture) }));

    [Fact]
    public void A_delay_says_after_what() =>
        Assert.Equal("1 h after the end of each iteration", ScheduleWords.Describe(new() { Delay = TimeSpan.FromHours(1) }));

    [Theory]
    [InlineData("00:05:00", "every 5 min, or that long after each iteration")]
    [InlineData("00:05:00 spread", "every 5 min, or that long after each iteration (spread)")]
    [InlineData("0 3 * * * Europe/Berlin", "0 3 * * * Europe/Berlin")]
    [InlineData("Continuously", "Continuously")]
    [InlineData(null, "")]
    public void What_the_store_has_does_not_tell_a_period_from_a_delay(string? stored, string words) =>
        Assert.Equal(words, ScheduleWords.DescribeStored(stored));
}
