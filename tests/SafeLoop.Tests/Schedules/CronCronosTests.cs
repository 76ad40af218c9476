using CsCheck;
using Cronos;

namespace SafeLoop.Tests.Schedules;

public class CronCronosTests
{
    // Zones and years in which TimeZoneInfo answers local questions rightly on every platform.
    private static readonly Gen<string> Zones = Gen.OneOf(
        "UTC", "Europe/Berlin", "Europe/Helsinki", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Asia/Tokyo",
        "Asia/Kolkata");

    private static readonly Gen<string> Expressions = Gen.Select(
        Gen.OneOf("", "", "* ", "*/20 ", "15 ", "0,30 "),
        Gen.OneOf("*", "0", "30", "*/5", "*/30", "7,47", "10-20", "59", "0-58/2"),
        Gen.OneOf("*", "0", "1", "2", "3", "2,3", "*/2", "1-4", "22-2", "0,12"),
        Gen.OneOf("*", "*", "?", "L", "LW", "L-3", "15W", "1W", "*/10", "10-20", "29", "31"),
        Gen.OneOf("*", "*", "*", "3", "OCT-NOV", "mar,apr", "2", "*/3"),
        Gen.OneOf("*", "*", "?", "SUN", "1-5", "6#2", "0L", "7", "MON,thu"),
        (second, minute, hour, day, month, weekday) => $"{second}{minute} {hour} {day} {month} {weekday}");

    [Fact]
    public void Answers_equal_those_of_Cronos_where_Cronos_and_the_zone_database_are_right() =>
        Gen.Select(Expressions, Zones, Gen.Int[2008, 2037], Gen.Int[0, 10_000], Gen.Long[0, TimeSpan.TicksPerDay]).Sample(
            (expression, zone, year, pick, ticks) =>
            {
                var delay = CronSchedule.Parse(expression, zone);
                var cronos = CronExpression.Parse(
                    expression, expression.Count(' ') == 5 ? CronFormat.IncludeSeconds : CronFormat.Standard);
                var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
                var changes = ZoneChanges.In(zone, year);
                var instant = changes.Length > 0
                    ? changes[pick % changes.Length].AddHours(-12).AddTicks(ticks)
                    : new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(pick % 8760).AddTicks(ticks);

                for (var walked = 0; walked < 8; walked++)
                {
                    var next = delay.NextAfter(instant);
                    Assert.Equal(cronos.GetNextOccurrence(instant, info)?.ToString("O"), next?.ToString("O"));
                    if (next is null) return;
                    instant = next.Value;
                }
            },
            iter: 6_000);
}
