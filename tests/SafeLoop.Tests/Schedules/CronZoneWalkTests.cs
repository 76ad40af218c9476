using Xunit.Abstractions;

namespace SafeLoop.Tests.Schedules;

public class CronZoneWalkTests(ITestOutputHelper output)
{
    private const int FirstYear = 1990;
    private const int LastYear = 2037;

    private static readonly TimeSpan Around = TimeSpan.FromMinutes(95);

    [Fact]
    public void Every_minute_is_due_once_around_every_change_of_every_zone()
    {
        var walked = 0;
        Parallel.ForEach(ZoneChanges.Zones, zone =>
        {
            var delay = CronSchedule.Parse("* * * * *", zone);
            foreach (var change in Enumerable.Range(FirstYear, LastYear - FirstYear + 1)
                .SelectMany(year => ZoneChanges.In(zone, year)))
            {
                AssertEveryMinute(delay, change - Around, change + Around);
                Interlocked.Increment(ref walked);
            }
        });

        output.WriteLine($"{walked} changes in {ZoneChanges.Zones.Length} zones");
        Assert.True(walked > 5_000, $"only {walked} changes");
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Pacific/Apia")]
    [InlineData("America/Argentina/San_Luis")]
    [InlineData("Asia/Gaza")]
    public void Every_hour_has_the_offset_of_its_interval(string zoneId)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var zone = new CronZone(info);
        var end = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        for (var hour = new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero); hour < end; hour = hour.AddHours(1))
        {
            if (zone.At(hour.UtcTicks).Offset != info.GetUtcOffset(hour).Ticks) Assert.Fail($"{zoneId} at {hour}");
        }
    }

    [Fact]
    public void Intervals_meet_without_a_hole_and_outlast_any_gap_or_overlap()
    {
        Parallel.ForEach(ZoneChanges.Zones, zoneId =>
        {
            var zone = new CronZone(TimeZoneInfo.FindSystemTimeZoneById(zoneId));
            var last = new DateTime(2100, 1, 1).Ticks;
            var interval = zone.At(new DateTime(1900, 1, 1).Ticks);
            while (interval.End < last)
            {
                var next = zone.At(interval.End);
                Assert.Equal((interval.End, interval.Offset, interval.LocalAfterEnd),
                    (next.Start, next.OffsetBefore, next.LocalStart));
                Assert.True(next.End - next.Start > TimeSpan.TicksPerDay * 2, $"{zoneId} {new DateTime(next.Start)}");
                interval = next;
            }
        });
    }

    private static void AssertEveryMinute(CronSchedule delay, DateTimeOffset first, DateTimeOffset last)
    {
        for (var minute = first; minute < last; minute = minute.AddMinutes(1))
        {
            var next = minute.AddMinutes(1);
            if (delay.NextAfter(minute) != next || delay.NextAfter(next.AddTicks(-1)) != next)
                Assert.Fail($"{delay}: after {minute:O} comes {delay.NextAfter(minute):O}");
            if (delay.PreviousBefore(next) != minute)
                Assert.Fail($"{delay}: before {next:O} comes {delay.PreviousBefore(next):O}");
        }
    }
}
