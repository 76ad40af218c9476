using CsCheck;

namespace SafeLoop.Tests.Schedules;

/// <summary>A step of the whole field within a list, which crontab, Kubernetes and Quartz take.</summary>
public class CronListTests
{
    [Theory]
    [InlineData("*/5,59 * * * *", "0-59/5,59 * * * *")]
    [InlineData("59,*/5 * * * *", "0-59/5,59 * * * *")]
    [InlineData("*/20,*/15,7-9 */6,5 * * *", "0-59/20,0-59/15,7-9 0-23/6,5 * * *")]
    [InlineData("*/20,1 0 0 * * *", "0-59/20,1 0 0 * * *")] // with seconds
    [InlineData("0 0 */10,15 * *", "0 0 1-31/10,15 * *")]
    [InlineData("0 0 1 */5,FEB *", "0 0 1 1-12/5,FEB *")]
    [InlineData("0 0 * * MON,*/3", "0 0 * * MON,0-7/3")]
    [InlineData("0 0 * * */7,2", "0 0 * * 0,2")]
    [InlineData("*/40,7 0 ? * 1", "0-59/40,7 0 ? * 1")]
    [InlineData("0 0 */40,30 * *", "0 0 30 * *", true)]
    public void It_is_a_range_with_a_step(string expression, string same, bool isRefused = false)
    {
        foreach (var dialect in new CronDialect?[] { null, CronDialect.Cronos, CronDialect.Crontab })
        {
            if (isRefused)
            {
                Assert.Throws<FormatException>(() => CronSchedule.Parse(expression, dialect: dialect));
                continue;
            }
            var cron = CronSchedule.Parse(expression, dialect: dialect);
            Assert.Equal(expression, cron.Expression);
            Assert.Equal(Times(CronSchedule.Parse(same, dialect: dialect)), Times(cron));
        }
    }

    [Theory]
    [InlineData("0 */5,59 * * * ?", "0 0-59/5,59 * * * ?")]
    [InlineData("0 0 12 */10,15 * ?", "0 0 12 1-31/10,15 * ?")]
    [InlineData("0 0 12 ? * 2,*/3", "0 0 12 ? * SUN,MON,WED,SAT")]
    [InlineData("0 0 12 ? * */3,MON *", "0 0 12 ? * 1,2,4,7")]
    public void It_is_one_in_Quartz_too(string expression, string same) => Assert.Equal(
        Times(CronSchedule.Parse(same, dialect: CronDialect.Quartz)),
        Times(CronSchedule.Parse(expression, dialect: CronDialect.Quartz)));

    [Fact]
    public void Its_minutes_are_those_of_each_part() =>
        Gen.Select(Gen.Int[1, 59], Gen.Int[0, 59], Gen.Bool).Sample(
            (step, minute, isFirst) =>
            {
                var cron = CronSchedule.Parse(isFirst ? $"*/{step},{minute} * * * *" : $"{minute},*/{step} * * * *");
                var times = cron.After(CronTimes.At("2025-12-31 23:59")).TakeWhile(time => time.Hour == 0);

                var expected = Enumerable.Range(0, 60).Where(at => at % step == 0 || at == minute);
                Assert.Equal(expected, times.Select(time => time.Minute));
            },
            iter: 200);

    [Fact] // by the rule of crontab
    public void A_list_that_begins_with_a_wildcard_restricts_no_days()
    {
        Assert.Equal("2026-01-05", Day("0 0 */10,5 * MON")); // a Monday, and the 5th
        Assert.Equal("2026-01-01", Day("0 0 5,*/10 * MON")); // a Monday, or the 1st, 5th, 11th …

        static string Day(string expression)
        {
            var cron = CronSchedule.Parse(expression, dialect: CronDialect.Crontab);
            return CronTimes.Text(cron.NextAfter(CronTimes.At("2025-12-31 12:00")))[..10];
        }
    }

    [Fact]
    public void A_doubt_names_what_was_written()
    {
        Assert.Contains("'0 0 5,*/10 * 1' names days", CronSchedule.Parse("0 0 5,*/10 * 1").Warning, StringComparison.Ordinal);
        Assert.Contains(
            "2,*/5 is read as SUN, TUE, FRI. In Quartz, where 1 is Sunday, it is SUN, MON, FRI.",
            CronSchedule.Parse("0 0 12 ? * 2,*/5").Warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_in_a_rhythm() =>
        Assert.Equal(
            CronSchedule.Parse("0-59/30,7 2 * * *", "Europe/Berlin").After(CronTimes.At("2026-10-24 22:00")).Take(8),
            CronSchedule.Parse("*/30,7 2 * * *", "Europe/Berlin").After(CronTimes.At("2026-10-24 22:00")).Take(8));

    private static DateTimeOffset[] Times(CronSchedule cron) => [.. cron.After(CronTimes.At("2025-12-31 23:59")).Take(200)];
}
