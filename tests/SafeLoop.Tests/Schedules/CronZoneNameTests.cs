using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Schedules;

/// <summary>The machine's own zone by name, and machines that have no zones.</summary>
public class CronZoneNameTests
{
    [Theory]
    [InlineData("Local")]
    [InlineData("local")]
    [InlineData("LOCAL")]
    public void Local_is_the_zone_of_the_machine_and_shows_its_real_id(string id)
    {
        var cron = CronSchedule.Parse("0 3 * * *", id);

        Assert.Equal(TimeZoneInfo.Local.Id, cron.Zone);
        Assert.Equal($"0 3 * * * ({TimeZoneInfo.Local.Id})", cron.ToString());
        var next = cron.NextAfter(LoopHost.Start)!.Value;
        Assert.Equal(3, TimeZoneInfo.ConvertTime(next, TimeZoneInfo.Local).Hour);
    }

    [Fact]
    public void Local_is_a_zone_in_configuration_and_for_exclusions()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("task", Nothing).Except(Exclusion.Weekdays(DayOfWeek.Sunday).In("Local")),
            settings: new Dictionary<string, string?>
            {
                ["RecurringTasks:task:Cron"] = "0 3 * * *",
                ["RecurringTasks:task:TimeZone"] = "Local"
            });

        var slot = host["task"].UpcomingSlots(1)[0];
        Assert.Equal((3, TimeZoneInfo.Local.Id), (TimeZoneInfo.ConvertTime(slot.Slot, TimeZoneInfo.Local).Hour, slot.Zone));
        Assert.Equal(
            $"The time zone of 'task' is that of this machine: {TimeZoneInfo.Local.Id}",
            Assert.Single(host.Logs.Lines, line => line.Id == 44).Text);
    }

    [Fact]
    public void A_schedule_without_a_zone_has_none_to_show()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).Every(Second));

        Assert.Null(host["task"].UpcomingSlots(1)[0].Zone);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Id == 44);
    }

    [Theory]
    [InlineData(
        "TZDIR",
        "/nonexistent",
        "no time zone data is installed on this machine. Install it (the package tzdata of most Linux images), or use UTC.")]
    [InlineData("DOTNET_SYSTEM_TIMEZONE_INVARIANT", "1", "time zones are switched off for this process "
        + "(DOTNET_SYSTEM_TIMEZONE_INVARIANT or InvariantTimezone). Remove that setting, or use UTC.")]
    public async Task A_machine_without_zones_says_so(string variable, string value, string reason)
    {
        using var probe = new CronProbe();

        Assert.Equal(
            [
                $"Time zone 'China Standard Time' is not known: {reason}",
                $"Time zone 'Europe/Berlin' is not known: {reason}",
                $"Time zone 'Europe/Berlim' is not known: {reason}",
                "UTC",
            ],
            await probe.RunAsync(["China Standard Time", "Europe/Berlin", "Europe/Berlim", "UTC"], (variable, value)));
    }
}
