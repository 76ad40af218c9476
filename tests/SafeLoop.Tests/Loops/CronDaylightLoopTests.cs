using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Cron through the loop on days when clocks are changed. Times are UTC.</summary>
public class CronDaylightLoopTests
{
    // Berlin: 29 March at 01:00Z from 2 to 3, 25 October at 01:00Z from 3 to 2. Dublin at the same instants, an hour less.
    // Casablanca: 15 February at 02:00Z from 3 to 2 for Ramadan, 22 March at 02:00Z from 2 to 3.
    [Theory]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-28", "28 01:30", "29 01:00", "30 00:30")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-24", "24 00:30", "25 00:30", "26 01:30")]
    [InlineData("Europe/Berlin", "0 */8 * * *", "2026-03-28T22:00", "28 23:00", "29 06:00", "29 14:00", "29 22:00", "30 06:00",
        "30 14:00", "30 22:00", "31 06:00")]
    [InlineData("Europe/Dublin", "30 1 * * *", "2026-03-28", "28 01:30", "29 01:00", "30 00:30")]
    [InlineData("Europe/Dublin", "30 1 * * *", "2026-10-24", "24 00:30", "25 00:30", "26 01:30")]
    [InlineData("Africa/Casablanca", "30 2 * * *", "2026-02-14", "14 01:30", "15 01:30", "16 02:30")]
    [InlineData("Africa/Casablanca", "30 2 * * *", "2026-03-21", "21 02:30", "22 02:00", "23 01:30")]
    public void A_daily_time_runs_once_a_day_at_the_gaps_end_and_in_the_first_pass(
        string zone, string cron, string day, params string[] slots)
    {
        var start = DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        using var host = LoopHost.Run(services => services.AddRecurringTask("t", Steps.None).Cron(cron, zone), start);

        for (var half = 0; half < 120; half++)
        {
            host.Sleep(29.Minutes); // in which nothing is due, for the sake of the test's time
            host.Advance(1.Minutes);
        }

        Assert.Equal(slots, host.Records().Select(record => record.Slot.ToString("dd HH:mm", CultureInfo.InvariantCulture)));
        Assert.All(host.Records(), record => Assert.Equal(record.Slot, record.Started));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T23:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T23:00Z")]
    [InlineData("Europe/Dublin", "2026-03-28T23:00Z")]
    [InlineData("Europe/Dublin", "2026-10-24T23:00Z")]
    [InlineData("Africa/Casablanca", "2026-02-14T23:00Z")]
    [InlineData("Africa/Casablanca", "2026-03-21T23:00Z")]
    public void A_rhythm_is_neither_silent_nor_doubled_when_clocks_are_changed(string zone, string start)
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None).Cron("*/15 * * * *", zone),
            DateTimeOffset.Parse(start, CultureInfo.InvariantCulture));

        host.Advance(6.Hours);

        var first = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(1, 24).Select(n => first + (n * 15).Minutes),
            host.Records().Select(record => record.Started));
    }

    [Fact]
    public void Upcoming_slots_say_what_daylight_saving_does_to_them()
    {
        using var spring = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None).Cron("30 2 * * *", "Europe/Berlin"),
            new(2026, 3, 28, 0, 0, 0, TimeSpan.Zero));
        using var autumn = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None).Cron("30 2 * * *", "Europe/Berlin")
                .OnDaylightSaving(SkippedTime.Skip, RepeatedTime.Both),
            new(2026, 10, 24, 12, 0, 0, TimeSpan.Zero));

        Assert.Equal(["28 01:30 None", "29 01:00 ShiftedToGapEnd", "30 00:30 None"], Upcoming(spring));
        Assert.Equal(["25 00:30 FirstPass", "25 01:30 SecondPass", "26 01:30 None"], Upcoming(autumn));

        autumn.Advance(1.Days);
        Assert.Equal(2, autumn.Records().Count);
    }

    [Fact]
    public void Several_cron_tasks_keep_their_own_times()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("minutely", Steps.None).Cron("* * * * *");
            services.AddRecurringTask("hourly", Steps.None).Cron("0 * * * *", "Asia/Kolkata");
            services.AddRecurringTask("seconds", Steps.None).Cron("*/20 * * * * *");
        });

        host.Advance(1.Hours);

        Assert.Equal(60, host.Records("minutely").Count);
        Assert.Equal(["1800 ok"], host.Slots("hourly"));
        Assert.Equal(180, host.Records("seconds").Count);
    }

    private static IEnumerable<string> Upcoming(LoopHost host) =>
        host["t"].UpcomingSlots(3)
            .Select(slot => $"{slot.Slot.ToString("dd HH:mm", CultureInfo.InvariantCulture)} {slot.Daylight}");
}
