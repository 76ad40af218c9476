namespace SafeLoop.Tests.Schedules;

/// <summary>A step that does not divide its range begins again too early, which is said.</summary>
public class CronStepTests
{
    [Theory]
    [InlineData("*/47 * * * *", "is due at minutes 0,47: after 47 comes 0, so it is not due every 47 minutes. "
        + "For that, call Every, or set Every to 00:47:00. To keep these minutes, write them instead of */47.")]
    [InlineData("*/45 * * * * *", "is due at seconds 0,45: after 45 comes 0, so it is not due every 45 seconds. "
        + "For that, call Every, or set Every to 00:00:45. To keep these seconds, write them instead of */45.")]
    [InlineData("0 */5 * * *", "is due at hours 0,5,10,15,20: after 20 comes 0, so it is not due every 5 hours. "
        + "For that, call Every, or set Every to 05:00:00. To keep these hours, write them instead of */5.")]
    [InlineData("0 0 */14 * *", "is due on days 1,15,29: after 29 comes 1, so it is not due every 14 days. "
        + "For that, call Every, or set Every to 14.00:00:00. To keep these days, write them instead of */14.")]
    [InlineData("30 3 */2 * *", "is due on days 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31: after 31 comes 1, "
        + "so it is not due every 2 days. For that, call Every, or set Every to 2.00:00:00. "
        + "To keep these days, write them instead of */2.")]
    public void Both_readings_and_the_cure_are_said_in_every_dialect_that_takes_it(string expression, string warning)
    {
        foreach (var dialect in new CronDialect?[] { null, CronDialect.Cronos, CronDialect.Crontab })
            Assert.Equal($"Cron expression '{expression}' {warning}", CronSchedule.Parse(expression, dialect: dialect).Warning);
    }

    [Theory]
    [InlineData("*/7 9-17 * * 1-5", "minutes 0,7,14,21,28,35,42,49,56")]
    [InlineData("*/7 */2 * * *", null)] // an hour of rest between
    [InlineData("*/7 9,10 * * *", "minutes 0,7,")]
    [InlineData("0 */5 1,2 * *", "hours 0,5,10,15,20")]
    [InlineData("0 0 */30 * *", "days 1,31: after 31 comes 1")]
    [InlineData("0 0 ?/2 * ?", "instead of ?/2")]
    public void It_is_said_where_the_short_interval_is_real(string expression, string? warning) =>
        AssertSaid(expression, warning);

    [Theory]
    [InlineData("*/15 * * * *")]
    [InlineData("*/1 * * * *")]
    [InlineData("*/30 * * * * *")]
    [InlineData("0 */6 * * *")]
    [InlineData("0 0 */1 * *")]
    [InlineData("5/10 * * * *")]
    [InlineData("0-58/7 * * * *")]
    [InlineData("0-59/7 * * * *")]
    [InlineData("*/7,59 * * * *")] // a list is meant
    [InlineData("*/7 9 * * *")] // ten past ten to never
    [InlineData("0 */5 * * 1")]
    [InlineData("0 0 */2 * 1")] // Mondays that are odd days
    [InlineData("0 0 */31 * *")] // the first
    [InlineData("0 0 1 */5 *")]
    [InlineData("0 0 * * */2")]
    [InlineData("* */5 * * *")]
    [InlineData("0 0 */2 2 *")] // the last is the 27th or the 29th, and the next one a year later
    [InlineData("@hourly")]
    public void What_is_meant_is_not_said(string expression) => AssertSaid(expression, null);

    [Fact]
    public void In_Quartz_too()
    {
        Assert.Contains(
            "seconds 0,45", CronSchedule.Parse("*/45 * * * * ?", dialect: CronDialect.Quartz).Warning, StringComparison.Ordinal);
        Assert.Null(CronSchedule.Parse("0/45 * * * * ?", dialect: CronDialect.Quartz).Warning);
    }

    [Fact]
    public void Where_other_times_are_not_meant_the_cure_excludes_them() => AssertSaid(
        "*/7 9-17 * * *", "For that, call Every, or set Every to 00:07:00, and exclude the other times with Except.");

    [Fact]
    public void It_is_said_beside_a_doubt_about_the_dialect()
    {
        AssertSaid("*/7 0 1,15 * 5", "names days of the month and days of the week"); // one hour at a time is even
        AssertSaid("*/7 * 1,15 * 5", "names days of the month and days of the week");
        AssertSaid("*/7 * 1,15 * 5", "not due every 7 minutes");
    }

    private static void AssertSaid(string expression, string? warning)
    {
        if (warning is null)
            Assert.Null(CronSchedule.Parse(expression).Warning);
        else
            Assert.Contains(warning, CronSchedule.Parse(expression).Warning, StringComparison.Ordinal);
    }
}
