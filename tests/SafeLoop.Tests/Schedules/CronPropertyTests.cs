using CsCheck;

namespace SafeLoop.Tests.Schedules;

public class CronPropertyTests
{
    private static readonly TimeSpan Around = TimeSpan.FromHours(40);

    private static readonly string[] DifficultZones =
    [
        "Europe/Dublin", "Africa/Casablanca", "Africa/El_Aaiun", "Pacific/Apia", "Australia/Lord_Howe", "Antarctica/Troll",
        "Europe/London", "America/Argentina/San_Luis", "Asia/Gaza", "Africa/Windhoek", "America/St_Johns", "Pacific/Kwajalein",
    ];

    private static readonly Gen<string> Zones = Gen.Frequency((2, Gen.OneOf(ZoneChanges.Zones)), (1, Gen.OneOf(DifficultZones)));

    // An instant near a change of that zone and year if there is one, else anywhere in the year.
    private static readonly Gen<(string Zone, DateTimeOffset Near)> Places =
        Gen.Select(Zones, Gen.Int[1990, 2037], Gen.Int[0, 365 * 24 * 60 - 1], (zone, year, minute) =>
            ZoneChanges.In(zone, year) is { Length: > 0 } changes
                ? (zone, changes[minute % changes.Length].AddMinutes(minute % 240 - 120))
                : (zone, new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute)));

    private static readonly Gen<(SkippedTime Skipped, RepeatedTime Repeated)> Rules =
        Gen.Select(Gen.OneOf(Enum.GetValues<SkippedTime>()), Gen.OneOf(Enum.GetValues<RepeatedTime>()));

    [Fact]
    public void Occurrences_are_those_of_an_oracle_that_looks_at_every_minute() =>
        Gen.Select(CronCase.Any, Places, Rules).Sample(
            (cron, place, rules) =>
            {
                var (first, last) = (place.Near - Around, place.Near + Around);
                var delay = CronSchedule.Parse(cron.ToString(), place.Zone, rules.Skipped, rules.Repeated);
                var oracle = new CronOracle(cron, TimeZoneInfo.FindSystemTimeZoneById(place.Zone), rules.Skipped, rules.Repeated);
                var expected = oracle.Between(first, last);

                AssertSame(expected, delay.After(first.AddTicks(-1)).TakeWhile(time => time <= last));
                AssertSame(expected.AsEnumerable().Reverse(), delay.Before(last.AddTicks(1)).TakeWhile(time => time >= first));
            },
            iter: 1_000);

    [Fact]
    public void Next_and_previous_are_each_others_inverse_and_strict() =>
        Gen.Select(CronCase.Any, Places, Rules, Gen.Long[0, TimeSpan.TicksPerDay]).Sample(
            (cron, place, rules, ticks) =>
            {
                var delay = CronSchedule.Parse(cron.ToString(), place.Zone, rules.Skipped, rules.Repeated);
                var instant = place.Near.AddTicks(ticks);
                if (delay.NextAfter(instant) is not { } next || delay.PreviousBefore(instant) is not { } last) return;

                Assert.True(last < instant && instant < next, $"{last:O} < {instant:O} < {next:O}");
                Assert.Equal(delay.PreviousBefore(next) ?? default,
                    delay.NextAfter(instant.AddTicks(-1)) == instant ? instant : last);
                Assert.Equal(delay.NextAfter(last) ?? default,
                    delay.PreviousBefore(instant.AddTicks(1)) == instant ? instant : next);
                Assert.Equal(TimeZoneInfo.FindSystemTimeZoneById(place.Zone).GetUtcOffset(next), next.Offset);
            },
            iter: 1_500);

    [Fact]
    public void An_occurrence_with_no_daylight_reason_is_at_the_time_it_names() =>
        Gen.Select(CronCase.Any, Places, Rules).Sample(
            (cron, place, rules) =>
            {
                var delay = CronSchedule.Parse(cron.ToString(), place.Zone, rules.Skipped, rules.Repeated);
                if (delay.OccurrenceAfter(place.Near) is not { } next) return;

                var isRegular = next.Reason is not (DaylightReason.Shifted or DaylightReason.ShiftedToGapEnd);
                Assert.Equal(isRegular, cron.Matches(next.Instant.DateTime));
            },
            iter: 1_500);

    private static void AssertSame(IEnumerable<DateTimeOffset> expected, IEnumerable<DateTimeOffset> actual) =>
        Assert.Equal(expected.Select(time => time.ToString("O")), actual.Select(time => time.ToString("O")));
}
