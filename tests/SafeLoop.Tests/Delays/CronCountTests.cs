using CsCheck;

namespace SafeLoop.Tests.Delays;

public class CronCountTests
{
    private static readonly Gen<string> Crons = Gen.OneOf<string>(
    [
        "* * * * *", "*/7 3-5 * * *", "0 */6 * * *", "30 2 * * *", "0 0 * * *", "59 23 * * *", "15 1 31 * *", "0 12 * * MON-FRI", "0 0 29 2 *",
    ]);

    private static readonly Gen<string?> Zones = Gen.OneOf<string?>(
        [null, "Europe/Berlin", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"]);

    [Fact]
    public void Occurrences_are_counted_as_one_by_one() =>
        Gen.Select(Crons, Zones, Gen.OneOf(Enum.GetValues<Gap>()), Gen.OneOf(Enum.GetValues<Repeat>()), Gen.Int[0, 30 * 365], Gen.Int[0, 40 * 1440]).Sample(
            (expression, zone, gap, repeat, day, minutes) =>
            {
                var cron = CronDelay.Parse(expression, zone, gap, repeat);
                var first = cron.NextAfter(new DateTimeOffset(2005, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddMinutes(minutes % 1440))!.Value;
                var upTo = first.AddMinutes(minutes).AddSeconds(minutes % 61);

                var expected = new DueSlots(1, first.ToUniversalTime());
                while (cron.NextAfter(expected.Latest) is { } next && next <= upTo)
                    expected = new(expected.Count + 1, next.ToUniversalTime());

                Assert.Equal(expected, ((ISlotGrid)cron).Count(first.ToUniversalTime(), upTo));
            },
            iter: 300);

    [Fact]
    public void A_clock_that_starts_in_1970_is_not_walked_second_by_second()
    {
        var cron = (ISlotGrid)CronDelay.Parse("* * * * * *");
        var now = new DateTimeOffset(2026, 11, 22, 15, 46, 1, TimeSpan.Zero);

        var due = cron.Count(DateTimeOffset.UnixEpoch, now);

        Assert.Equal(new DueSlots(now.ToUnixTimeSeconds() + 1, now), due);
    }
}
