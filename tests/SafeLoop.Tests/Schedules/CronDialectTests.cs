using System.Globalization;
using CsCheck;

namespace SafeLoop.Tests.Schedules;

/// <summary>Each dialect against days that are worked out here, without its parser.</summary>
public class CronDialectTests
{
    private static readonly DateTime First = new(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Last = new(2028, 12, 31, 0, 0, 0, DateTimeKind.Utc); // two leap years

    [Theory]
    [InlineData(null, "2026-05-01 04:30")]
    [InlineData(CronDialect.Cronos, "2026-05-01 04:30")]
    [InlineData(CronDialect.Crontab, "2026-01-01 04:30")]
    public void The_example_of_the_manual_of_crontab(CronDialect? dialect, string first) => Assert.Equal(
        $"{first} +00:00",
        CronTimes.Text(CronSchedule.Parse("30 4 1,15 * 5", dialect: dialect).NextAfter(CronTimes.At("2026-01-01 00:00"))));

    [Fact]
    public void In_crontab_a_day_that_matches_either_is_due_where_both_are_restricted() =>
        CronCase.Any.Sample(
            cron =>
            {
                var (day, weekday) = (cron.Day, cron.Weekday);
                var either = day.Text[0] != '*' && weekday.Text[0] != '*';
                AssertDays(
                    $"0 12 {day.Text} {cron.Month.Text} {weekday.Text}",
                    CronDialect.Crontab,
                    date => cron.Month.Has(date.Month)
                        && (either
                            ? day.Has(date.Day) || weekday.Has((int)date.DayOfWeek)
                            : day.Has(date.Day) && weekday.Has((int)date.DayOfWeek)));
            },
            iter: 300);

    [Theory]
    [InlineData("0 12 */2 * 1")]
    [InlineData("0 12 1-7 * */2")]
    [InlineData("0 12 ? * 1")]
    public void In_crontab_a_field_that_begins_with_a_wildcard_restricts_nothing(string expression) =>
        Assert.Equal(DaysOf(expression, CronDialect.Cronos), DaysOf(expression, CronDialect.Crontab));

    [Theory]
    [InlineData("0 12 1-31/2 * 1")]
    [InlineData("0 0 12 1,15 * MON")] // with seconds
    [InlineData("0 12 L * 5#2")]
    public void In_crontab_every_other_field_restricts(string expression) =>
        Assert.True(DaysOf(expression, CronDialect.Cronos).Length < DaysOf(expression, CronDialect.Crontab).Length);

    [Fact]
    public void Either_is_counted_and_found_backwards_too()
    {
        var cron = CronSchedule.Parse("*/20 10-11 1,15 * 5", "Europe/Berlin", dialect: CronDialect.Crontab);
        var (from, to) = (CronTimes.At("2026-01-01 00:00"), CronTimes.At("2026-12-31 00:00"));
        DateTimeOffset[] forward = [.. cron.After(from).TakeWhile(time => time < to)];
        DateTimeOffset[] backward = [.. cron.Before(to).TakeWhile(time => time > from)];

        Assert.Equal(forward, backward.Reverse());
        Assert.Equal(forward.Length, ((ISlotGrid)cron).Count(forward[0], forward[^1]).Count);
    }

    private static readonly Gen<(string Text, int[] Days)> QuartzWeekdays = Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7],
        Gen.Int[1, 4], Gen.Int[0, 5], (from, to, step, form) =>
        {
            // The range wraps around the week when it ends before it begins.
            var stretch = Enumerable.Range(0, (to - from + 7) % 7 + 1).Select(day => (from + day - 1) % 7);
            var toEnd = Enumerable.Range(from, 8 - from).Select(day => day - 1);
            return form switch
            {
                0 => ($"{from}", new[] { from - 1 }),
                1 => ($"{from},{to}", [from - 1, to - 1]),
                2 => ($"{from}-{to}", [.. stretch]),
                3 => ($"{from}-{to}/{step}", [.. stretch.Where((_, i) => i % step == 0)]),
                4 => ($"{from}/{step}", [.. toEnd.Where((_, i) => i % step == 0)]),
                _ => ($"{Name(from)}-{Name(to)},{from}", [.. stretch]),
            };
        });

    [Fact]
    public void In_Quartz_weekdays_count_from_Sunday_and_from_one() =>
        QuartzWeekdays.Sample(
            weekdays => AssertDays(
                $"0 0 12 ? * {weekdays.Text}", CronDialect.Quartz, date => weekdays.Days.Contains((int)date.DayOfWeek)),
            iter: 300);

    [Theory]
    [InlineData("0 0 12 ? * 6#3", DayOfWeek.Friday, 15, 21)]
    [InlineData("0 0 12 ? * 1#1", DayOfWeek.Sunday, 1, 7)]
    [InlineData("0 0 12 ? * FRI#2", DayOfWeek.Friday, 8, 14)]
    public void In_Quartz_a_weekday_of_a_week_of_the_month(string expression, DayOfWeek day, int from, int to) =>
        AssertDays(expression, CronDialect.Quartz, date => date.DayOfWeek == day && date.Day >= from && date.Day <= to);

    [Theory]
    [InlineData("0 0 12 ? * 6L", DayOfWeek.Friday)]
    [InlineData("0 0 12 ? * 1L", DayOfWeek.Sunday)]
    [InlineData("0 0 12 ? * FRIL", DayOfWeek.Friday)]
    public void In_Quartz_the_last_such_day_of_the_month(string expression, DayOfWeek day) =>
        AssertDays(expression, CronDialect.Quartz, date => date.DayOfWeek == day && date.AddDays(7).Month != date.Month);

    [Fact]
    public void In_Quartz_the_last_day_of_the_week_is_Saturday() =>
        AssertDays("0 0 12 ? * L", CronDialect.Quartz, date => date.DayOfWeek == DayOfWeek.Saturday);

    [Theory]
    [InlineData("0 0 12 L * ?", "0 0 12 L * ?")]
    [InlineData("0 0 12 15W * ?", "0 0 12 15W * ?")]
    [InlineData("0 0 12 * * ?", "0 0 12 * * *")]
    [InlineData("0 0 12 ? * *", "0 0 12 * * *")]
    [InlineData("0 0 12 * * ? *", "0 0 12 * * *")]
    [InlineData("@daily", "@daily")]
    public void In_Quartz_all_else_is_as_in_Cronos(string quartz, string cronos) =>
        Assert.Equal(DaysOf(cronos, CronDialect.Cronos), DaysOf(quartz, CronDialect.Quartz));

    [Theory]
    [InlineData("0 12 ? * 2", "has 5 fields. In Quartz it has six, with seconds first, or seven with a year.")]
    [InlineData(
        "0 0 12 1 * 2",
        "If a day that matches either is meant, as in Quartz 4, write days of the week by name and set CronDialect to Crontab.")]
    [InlineData(
        "0 0 12 * * *",
        "If a day that matches either is meant, as in Quartz 4, write days of the week by name and set CronDialect to Crontab.")]
    [InlineData("0 0 12 ? * ?", ": in Quartz only one of day of month and day of week is '?'.")]
    [InlineData(
        "0 0 12 ? * 2 2026",
        "has the year 2026, which is not supported. Leave it out. Bound the years with StartAt and EndAt.")]
    [InlineData("0 0 12 ? * 0", ": day of week 0 is not between 1 and 7.")]
    [InlineData("0 0 12 ? * 8", ": day of week 8 is not between 1 and 7.")]
    [InlineData("0 61 12 ? * 2", ": minute 61 is not between 0 and 59.")]
    public void What_Quartz_does_not_take(string expression, string mistake) => Assert.EndsWith(
        mistake, Assert.Throws<FormatException>(() => CronSchedule.Parse(expression, dialect: CronDialect.Quartz)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("CRON_TZ=Europe/Berlin 0 3 * * *", "begins with 'CRON_TZ=Europe/Berlin'. "
        + "Remove it and name the zone beside the expression: "
        + "Cron(expression, \"Europe/Berlin\"), CronSchedule.Parse(expression, \"Europe/Berlin\"), or the setting TimeZone.")]
    [InlineData("TZ=UTC 0 3 * * *", "begins with 'TZ=UTC'. Remove it and name the zone beside the expression: "
        + "Cron(expression, \"UTC\"), CronSchedule.Parse(expression, \"UTC\"), or the setting TimeZone.")]
    [InlineData(
        "0 0 12 ? * 2 2026",
        "has 7 fields. The last is a year in Quartz: leave it out. Bound the years with StartAt and EndAt.")]
    [InlineData(
        "0 0 12 * * ? *",
        "has 7 fields. The last is a year in Quartz: leave it out. Bound the years with StartAt and EndAt.")]
    [InlineData("@every 5m", "is an interval. Call Every, or set Every to 00:05:00.")]
    [InlineData("@every 1h30m10s", "is an interval. Call Every, or set Every to 01:30:10.")]
    [InlineData("@every 1.5s", "is an interval. Call Every, or set Every to 00:00:01.5000000.")]
    [InlineData("@every", "is an interval. Call Every, or set Every.")]
    [InlineData("@every soon", "is an interval. Call Every, or set Every.")]
    [InlineData("@reboot", ": '@reboot' is not a time. Call RunOnStart() beside a schedule, or set RunOnStart to true.")]
    [InlineData("rate(5 minutes)", "is an interval. Call Every, or set Every.")]
    [InlineData("cron(0 12 ? * 2-6 *)", "is written for AWS EventBridge. "
        + "Write its fields alone, without the year at the end, and days of the week by name, because its 1 is Sunday.")]
    public void What_other_schedulers_write_points_to_the_verb(string expression, string mistake)
    {
        foreach (var dialect in new CronDialect?[] { null, CronDialect.Cronos, CronDialect.Crontab })
        {
            var message = Assert.Throws<FormatException>(() => CronSchedule.Parse(expression, dialect: dialect)).Message;
            Assert.Equal($"Cron expression '{expression}'{(mistake[0] == ':' ? "" : " ")}{mistake}", message);
        }
    }

    [Theory]
    [InlineData(
        "0 0 12 ? * 2-6",
        "2-6 is read as TUE, WED, THU, FRI, SAT. In Quartz, where 1 is Sunday, it is MON, TUE, WED, THU, FRI.")]
    [InlineData("0 0 12 ? * 1", "1 is read as MON. In Quartz, where 1 is Sunday, it is SUN.")]
    [InlineData("0 0 12 ? * 6#3", "6#3 is read as SAT#3. In Quartz, where 1 is Sunday, it is FRI#3.")]
    [InlineData("0 0 12 ? * 7L", "7L is read as SUNL. In Quartz, where 1 is Sunday, it is SATL.")]
    [InlineData(
        "30 4 1,15 * 5",
        "it is due on days that match both. In crontab and Kubernetes it is due on days that match either.")]
    [InlineData(
        "0 0 13 * FRI",
        "it is due on days that match both. In crontab and Kubernetes it is due on days that match either.")]
    [InlineData(
        "0 0 1-31 * 1",
        "it is due on days that match both. In crontab and Kubernetes it is due on days that match either.")]
    [InlineData(
        "0 0 1 * 0-6",
        "it is due on days that match both. In crontab and Kubernetes it is due on days that match either.")]
    [InlineData("0 12 ? * 2-6 *", "'?' as its hour")]
    [InlineData("0 12 15 * ? *", "'?' as its month")]
    public void What_another_scheduler_would_read_otherwise_is_said(string expression, string warning)
    {
        Assert.Contains(warning, CronSchedule.Parse(expression).Warning, StringComparison.Ordinal);
        Assert.Contains("CronDialect Cronos", CronSchedule.Parse(expression).Warning, StringComparison.Ordinal);
        Assert.Null(CronSchedule.Parse(expression, dialect: CronDialect.Cronos).Warning);
    }

    [Theory]
    [InlineData("0 3 * * *")]
    [InlineData("0 3 * * 1-5")]
    [InlineData("0 3 1 * *")]
    [InlineData("0 3 ? * 1-5")] // no Quartz: five fields
    [InlineData("0 0 3 * * 1-5")] // no Quartz: no '?'
    [InlineData("0 0 3 ? * MON-FRI")]
    [InlineData("0 0 3 ? * 1-7")] // all of them in both
    [InlineData("0 0 3 ? * */2")]
    [InlineData("0 0 3 ? * 0")] // not in Quartz
    [InlineData("0 0 3 15 * ?")]
    [InlineData("0 0 1-31 * 0-6")] // every day in both
    [InlineData("0 0 */2 * 1")]
    [InlineData("@weekly")]
    public void What_all_schedulers_read_alike_has_no_warning(string expression) =>
        Assert.Null(CronSchedule.Parse(expression).Warning);

    [Fact]
    public void A_dialect_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CronSchedule.Parse("* * * * *", dialect: (CronDialect)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Exclusion.Cron("* * * * *", dialect: (CronDialect)(-1)));
        Assert.Equal(
            (null, CronDialect.Quartz),
            (CronSchedule.Parse("@daily").Dialect, CronSchedule.Parse("@daily", dialect: CronDialect.Quartz).Dialect));
    }

    private static string Name(int day) => CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames[day - 1];

    private static void AssertDays(string expression, CronDialect dialect, Func<DateTime, bool> isDue)
    {
        string[] expected = [.. Dates().Where(isDue).Select(Text)];
        Assert.True(expected.SequenceEqual(DaysOf(expression, dialect)), expression);
    }

    private static string[] DaysOf(string expression, CronDialect dialect) =>
        [.. CronSchedule.Parse(expression, dialect: dialect).After(First.AddTicks(-1)).TakeWhile(time => time < Last.AddDays(1))
            .Select(time => Text(time.DateTime))];

    private static IEnumerable<DateTime> Dates() =>
        Enumerable.Range(0, (int)(Last - First).TotalDays + 1).Select(day => First.AddDays(day));

    private static string Text(DateTime date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
