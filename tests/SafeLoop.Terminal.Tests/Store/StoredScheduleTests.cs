namespace SafeLoop.Terminal.Tests.Store;

public class StoredScheduleTests
{
    [Theory]
    [InlineData("0 3 * * * Europe/Berlin", "0 3 * * * (Europe/Berlin)")]
    [InlineData("0 3 * * *", "0 3 * * * (UTC)")]
    [InlineData("*/10 0 3 * * 1-5", "*/10 0 3 * * 1-5 (UTC)")]
    [InlineData("*/10 0 3 * * 1-5 Asia/Kolkata", "*/10 0 3 * * 1-5 (Asia/Kolkata)")]
    [InlineData("0 3 * * * W. Europe Standard Time", "0 3 * * * (W. Europe Standard Time)")]
    [InlineData("@daily Europe/Berlin", "@daily (Europe/Berlin)")]
    public void A_cron_schedule_is_read_with_its_zone(string text, string expected) =>
        Assert.Equal(expected, StoredSchedule.Read(text)?.Cron?.ToString());

    [Theory]
    [InlineData("00:00:05", 5)]
    [InlineData("1.00:00:00", 86_400)]
    [InlineData("06:00:00 Europe/Berlin", 21_600)]
    public void An_interval_is_one_whether_it_has_a_zone_or_not(string text, int seconds)
    {
        var schedule = StoredSchedule.Read(text);

        Assert.Equal((TimeSpan.FromSeconds(seconds), null), (schedule?.Interval, schedule?.Cron));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Continuously")]
    [InlineData("DelayPolicy")]
    [InlineData("0 3 * * * Europe/Berlin spread")] // shifted by what only the application knows
    [InlineData("0 3 * * * Local")] // the zone of another machine
    [InlineData("0 3 * * * Mars/Olympus")]
    public void Another_one_is_unknown(string? text) => Assert.Null(StoredSchedule.Read(text));
}
