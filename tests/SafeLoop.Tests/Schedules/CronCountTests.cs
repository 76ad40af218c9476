using CsCheck;

namespace SafeLoop.Tests;

public sealed class CronCountTests
{
    private static readonly string[] Expressions =
        ["* * * * *", "*/5 * * * *", "30 2 * * *", "0 0 1 * *", "15,45 1-3 * * MON-FRI", "0 0 L * *", "*/7 */3 * * * *",
            "10 30 2 * * SUN", "0 3 * * 1#1"];

    private static readonly string?[] Zones = [null, "Europe/Berlin", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe",
        "America/New_York", "Pacific/Apia"];

    [Fact]
    public void Counting_slots_agrees_with_visiting_them() => Gen
        .Select(
            Gen.Int[0, Expressions.Length - 1].Select(i => Expressions[i]),
            Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]),
            Gen.Enum<SkippedTime>(),
            Gen.Enum<RepeatedTime>(),
            Gen.Long[0, 47L * 365 * 86_400],
            Gen.Int[1, 60 * 86_400])
        .Sample(
            (expression, zone, gap, repeat, start, span) =>
            {
                var cron = CronSchedule.Parse(expression, zone, gap, repeat);
                var from = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(start);
                if (cron.NextAfter(from) is not { } first)
                    return true;
                var upTo = first.AddSeconds(expression.Split(' ').Length == 6 ? span / 20 : span);

                var (count, latest) = (1L, first);
                while (cron.NextAfter(latest) is { } next && next <= upTo)
                    (count, latest) = (count + 1, next);

                return ((ISlotGrid)cron).Count(first, upTo) == new DueSlots(count, latest.ToUniversalTime());
            },
            iter: 2_000);

    [Fact]
    public void Counts_a_million_missed_seconds_without_visiting_them()
    {
        var cron = CronSchedule.Parse("* * * * * *", "Europe/Berlin");
        var first = new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(new DueSlots(1_000_000, first.AddSeconds(999_999)),
            ((ISlotGrid)cron).Count(first, first.AddSeconds(999_999.5)));
    }

    [Fact]
    public void A_clock_that_starts_in_1970_is_not_walked_second_by_second()
    {
        var now = new DateTimeOffset(2026, 11, 22, 15, 46, 1, TimeSpan.Zero);

        Assert.Equal(
            new DueSlots(now.ToUnixTimeSeconds() + 1, now),
            ((ISlotGrid)CronSchedule.Parse("* * * * * *")).Count(DateTimeOffset.UnixEpoch, now));
    }
}
