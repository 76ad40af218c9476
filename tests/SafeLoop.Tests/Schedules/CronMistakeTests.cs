using System.Text.RegularExpressions;
using CsCheck;
using Cronos;

namespace SafeLoop.Tests.Schedules;

public partial class CronMistakeTests
{
    [Theory]
    [InlineData("", "Cron expression '' is empty.")]
    [InlineData("  \t", "Cron expression '  \t' is empty.")]
    [InlineData("*", "Cron expression '*' has 1 field. Write five fields (minute, hour, day of month, month, day of week), six")]
    [InlineData("* * * *", "Cron expression '* * * *' has 4 fields.")]
    [InlineData("* * * * * * 2024", "Cron expression '* * * * * * 2024' has 7 fields.")]
    [InlineData("0 0 * * * backup --all", "Cron expression '0 0 * * * backup --all' has 7 fields. Write five fields (minute,")]
    [InlineData("0 0 * * * # nightly", "Cron expression '0 0 * * * # nightly' has a comment, '# nightly'. Remove the comment.")]
    [InlineData("0 0 * * * #nightly", "Cron expression '0 0 * * * #nightly' has a comment, '#nightly'. Remove the comment.")]
    [InlineData("0 0 * *\t*\t#", "Cron expression '0 0 * *\t*\t#' has a comment, '#'. Remove the comment.")]
    [InlineData("@daily # at night", "Cron expression '@daily # at night' has a comment, '# at night'. Remove the comment.")]
    [InlineData("# 0 0 * * *", "Cron expression '# 0 0 * * *' has a comment, '# 0 0 * * *'. Remove the comment.")]
    [InlineData("@hourli", "Cron expression '@hourli': '@hourli' is not a macro, did you mean '@hourly'? Write five fields")]
    [InlineData("@always", "Cron expression '@always': '@always' is not a macro. Write five fields")]
    public void The_shape_is_explained(string expression, string start) => Assert.StartsWith(start, Mistake(expression));

    [Theory]
    [InlineData("61 * * * *", "minute 61 is not between 0 and 59")]
    [InlineData("60 * * * * *", "second 60 is not between 0 and 59")]
    [InlineData("* 24 * * *", "hour 24 is not between 0 and 23")]
    [InlineData("* * 0 * *", "day of month 0 is not between 1 and 31")]
    [InlineData("* * * 13 *", "month 13 is not between 1 and 12")]
    [InlineData("* * * * 8", "day of week 8 is not between 0 and 7")]
    [InlineData("99999999999 * * * *", "minute 99999999999 is not between 0 and 59")]
    [InlineData("005 * * * *", "minute 005 has more than two digits")]
    [InlineData("1-70 * * * *", "minute 70 is not between 0 and 59 (in '1-70')")]
    [InlineData("* 1,2,30 * * *", "hour 30 is not between 0 and 23 (in '1,2,30')")]
    [InlineData("*/0 * * * *", "minute step 0 is not between 1 and 59 (in '*/0')")]
    [InlineData("* 1-5/24 * * *", "hour step 24 is not between 1 and 23 (in '1-5/24')")]
    [InlineData("*/ * * * *", "minute '*/' ends where the step (1 to 59) is expected")]
    [InlineData("*/x * * * *", "minute '*/x' has 'x' where the step (1 to 59) is expected")]
    [InlineData("5- * * * *", "minute '5-' ends where a number from 0 to 59 is expected")]
    [InlineData("5, * * * *", "minute '5,' ends where a number from 0 to 59 is expected")]
    [InlineData("-5 * * * *", "minute '-5' has '-' where a number from 0 to 59 is expected")]
    [InlineData("5,* * * * *", "minute '5,*' has '*' in a list; write '*' alone, or with a step such as */5")]
    [InlineData("*,5 * * * *", "minute '*,5' has '*' in a list; write '*' alone, or with a step such as */5")]
    [InlineData("*/5, * * * *", "minute '*/5,' ends where a number from 0 to 59 is expected")]
    [InlineData("*/5-9,1 * * * *", "minute '*/5-9,1' has a stray '-'; only a step such as */5 may follow '*'")]
    [InlineData("1,*/5-9 * * * *", "minute '1,*/5-9' has a stray '-'; "
        + "values are separated by ',', ranges written 1-5, steps 1-5/2")]
    [InlineData("59,*/60 * * * *", "minute step 60 is not between 1 and 59 (in '59,*/60')")]
    [InlineData("?/5,59 * * * *", "minute '?/5,59' has a stray ','; only a step such as ?/5 may follow '?'")]
    [InlineData("0 0 L,*/10 * *", "day of month 'L,*/10' has a stray ','; after L only a distance such as L-3 and W may follow")]
    [InlineData("5$ * * * *", "minute '5$' has a stray '$'; values are separated by ',', ranges written 1-5, steps 1-5/2")]
    [InlineData("* noon * * *", "hour 'noon' is not a number from 0 to 23")]
    [InlineData("* * * JNA *", "month 'JNA' is not a number from 1 to 12 or a name from JAN to DEC")]
    [InlineData("* * * * MOM", "day of week 'MOM' is not a number from 0 to 7 or a name from SUN to SAT, did you mean 'MON'?")]
    [InlineData("* * * january *", "month 'january' is not a number from 1 to 12 or a name from JAN to DEC, did you mean 'JAN'?")]
    [InlineData("* * * * MON-FRIDAY",
        "day of week 'FRIDAY' is not a number from 0 to 7 or a name from SUN to SAT, did you mean 'FRI'? (in 'MON-FRIDAY')")]
    [InlineData("* * * * MON#6", "day of week occurrence 6 is not between 1 and 5 (in 'MON#6')")]
    [InlineData("* * * * MON#", "day of week 'MON#' ends where the occurrence (1 to 5) is expected")]
    [InlineData("* * L-31 * *", "day of month distance from the last day 31 is not between 0 and 30 (in 'L-31')")]
    [InlineData("* * L5 * *", "day of month 'L5' has a stray '5'; after L only a distance such as L-3 and W may follow")]
    [InlineData("* * 15W,20 * *", "day of month '15W,20' has a stray ','; W stands after one day")]
    [InlineData("H * * * *", "minute 'H' asks for a hashed value (H), which is not supported; write a number")]
    [InlineData("* * * * *\0", "day of week '*\0' has a stray '\0'; only a step such as */5 may follow '*'")]
    public void The_field_and_the_value_are_named(string expression, string mistake) =>
        Assert.Equal($"Cron expression '{expression}': {mistake}{(mistake.EndsWith('?') ? "" : ".")}", Mistake(expression));

    [Theory]
    [InlineData("Europe/Berln", "Time zone 'Europe/Berln' is not known on this machine, did you mean 'Europe/Berlin'?")]
    [InlineData("berlin", "Time zone 'berlin' is not known on this machine, did you mean 'Europe/Berlin'?")]
    [InlineData("New York", "Time zone 'New York' is not known on this machine, did you mean 'America/New_York'?")]
    [InlineData("E. Europe Standrd Time",
        "Time zone 'E. Europe Standrd Time' is not known on this machine, did you mean 'E. Europe Standard Time'?")]
    [InlineData("Mars/Olympus", "Time zone 'Mars/Olympus' is not known on this machine. Use an IANA id")]
    [InlineData("", "Time zone '' is not known on this machine. Use an IANA id")]
    [InlineData("Europe", "Time zone 'Europe' is not known on this machine")]
    [InlineData("../../../etc/passwd", "Time zone '../../../etc/passwd' is not known on this machine")]
    public void An_unknown_zone_is_named(string zone, string start) =>
        Assert.StartsWith(start, Assert.Throws<FormatException>(() => CronSchedule.Parse("* * * * *", zone)).Message);

    [Fact]
    public void Arguments_are_guarded()
    {
        Assert.Throws<ArgumentNullException>(() => CronSchedule.Parse(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => CronSchedule.Parse("* * * * *", skipped: (SkippedTime)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => CronSchedule.Parse("* * * * *", repeated: (RepeatedTime)(-1)));
    }

    [Fact]
    public void A_comment_is_no_field_in_any_dialect()
    {
        foreach (var dialect in Enum.GetValues<CronDialect>())
        {
            Assert.Equal(
                "Cron expression '0 0 12 ? * 2 # noon' has a comment, '# noon'. Remove the comment.",
                Assert.Throws<FormatException>(() => CronSchedule.Parse("0 0 12 ? * 2 # noon", dialect: dialect)).Message);
        }
    }

    [Fact]
    public void Whatever_Cronos_rejects_is_explained_and_nothing_else_is()
    {
        var words = Gen.OneOf("*", "?", "/", "-", ",", "#", "L", "l", "W", "0", "1", "5", "7", "12", "31", "59", "60", "007",
            "JAN", "mon", "FRIDAY", "x", "@", "$", " ");
        var field = words.Array[1, 5].Select(parts => string.Concat(parts));

        Gen.Select(field.Array[5], Gen.Int[0, 4])
            .Select((fields, only) => string.Join(' ', fields.Select((text, i) => i == only ? text : "*")))
            .Sample(expression =>
            {
                var count = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
                var withoutLists = StepInList().Replace(expression, "1-5/$1$2"); // which SafeLoop takes and Cronos does not
                var format = count == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
                var isValid = CronExpression.TryParse(withoutLists, format, out _);

                Assert.Equal(isValid, CronSyntax.TryRead(expression, null, out _, out var mistake));
                Assert.DoesNotContain("cannot be read", mistake ?? "");
            }, iter: 20_000);
    }

    [GeneratedRegex(@"(?<=,)\*/(\w+)|(?<![^ ])\*/(?=\w+,)(\w+)")]
    private static partial Regex StepInList();

    private static string Mistake(string expression) =>
        Assert.Throws<FormatException>(() => CronSchedule.Parse(expression)).Message;
}
