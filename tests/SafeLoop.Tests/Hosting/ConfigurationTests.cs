using Microsoft.Extensions.DependencyInjection;
using Polly;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

public class ConfigurationTests
{
    [Fact]
    public void Every_option_that_can_be_written_can_be_configured()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Enabled"] = "false", ["Cron"] = "0 3 * * *", ["CronDialect"] = "crontab", ["TimeZone"] = "Europe/Berlin",
            ["Jitter"] = "00:00:00.200", ["Spread"] = "True",
            ["StartAfter"] = "00:01:00", ["StartAt"] = "2026-01-31T03:00:00Z", ["EndAt"] = "2027-01-31T03:00:00+01:00",
            ["RunOnStart"] = "true",
            ["Missed:Policy"] = "RunAll", ["Missed:Window"] = "01:00:00", ["Missed:Max"] = "3", ["Overlap:Policy"] = "bufferAll",
            ["Overlap:Max"] = "4",
            ["DaylightSaving:Skipped"] = "Skip", ["DaylightSaving:Repeated"] = "Both", ["StopAfter"] = "5000000000",
            ["BackOff:Initial"] = "00:00:01", ["BackOff:Max"] = "00:01:00",
            ["BackOff:Factor"] = "1.5", ["BackOff:Jitter"] = "0.25", ["Failures:PauseAfter"] = "6", ["Failures:StopAfter"] = "7",
            ["Failures:StopHostAfter"] = "8",
            ["Timeout"] = "00:30:00", ["StuckAfter"] = "00:00:05", ["Resilience"] = "retry", ["Lock"] = "lock",
            ["Lock:WhenHeld"] = "Wait",
            ["Lock:AtMostFor"] = "00:02:00", ["Lock:AtLeastFor"] = "00:00:30", ["Lock:RequireFencing"] = "true",
            ["DrainFor"] = "00:00:03", ["Singleton"] = "true", ["HistoryLength"] = "16",
            ["DedicatedThread"] = "true",
            ["SucceedWithin"] = "1.12:00:00", ["AwaitApplicationStarted"] = "false", ["FormerName"] = "before",
            ["PingAfter"] = "https://hc-ping.com/uuid",
        };
        using var host = LoopHost.Run(
            services =>
            {
                services.AddRecurringTask("task", Nothing);
                services.AddResiliencePipeline("retry", (builder, _) => { });
            },
            settings: settings.ToDictionary(setting => $"RecurringTasks:task:{setting.Key}", setting => setting.Value));

        var untouched = new RecurringTaskOptions();
        var options = host["task"].Options;
        var others = from path in OptionPath.All
                     where path.Type.Name != "IList`1" && Equals(path.Get(options), path.Get(untouched))
                     select path.Name;
        Assert.Equal(["Concurrency", "ConfigureResilience", "Continuously", "Delay", "DelayPolicy", "Every", "InCluster",
            "ResiliencePipeline", "SurviveRestarts"], others.Order()); // InCluster needs a cluster, the last one a store
        Assert.Equal(("0 3 * * *", "Europe/Berlin", TimeSpan.FromMilliseconds(200)),
            (options.Cron, options.TimeZone, options.Jitter));
        Assert.Equal(new(2027, 1, 31, 2, 0, 0, TimeSpan.Zero), options.EndAt);
        Assert.Equal((5_000_000_000, Overlap.BufferAll, TimeSpan.FromHours(36)),
            (options.StopAfter, options.Overlap.Policy, options.SucceedWithin));
    }

    [Fact]
    public void Configuration_wins_over_code()
    {
        using var host = Run(task => task.Every(Second).WithTimeout(Second), ("Every", "00:00:05"));

        Assert.Equal((Second * 5, Second), (host["task"].Options.Every, host["task"].Options.Timeout));
    }

    [Fact]
    public void A_schedule_in_configuration_replaces_the_one_in_code()
    {
        using var host = Run(task => task.Cron("0 3 * * *", "Europe/Berlin"), ("Delay", "00:00:05"));

        Assert.Equal((Second * 5, null, null),
            (host["task"].Options.Delay, host["task"].Options.Cron, host["task"].Options.TimeZone));
    }

    [Fact]
    public void A_zone_in_configuration_is_for_the_cron_in_code()
    {
        using var host = Run(task => task.Cron("0 3 * * *"), ("TimeZone", "Europe/Berlin"));

        Assert.Equal(("0 3 * * *", "Europe/Berlin"), (host["task"].Options.Cron, host["task"].Options.TimeZone));
    }

    [Fact]
    public void A_schedule_that_is_switched_off_replaces_nothing()
    {
        using var host = Run(task => task.Every(Second), ("Continuously", "false"));

        Assert.Equal(Second, host["task"].Options.Every);
    }

    [Fact]
    public void Capitals_do_not_matter()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("updateDeviceInfo", Nothing),
            settings: new Dictionary<string, string?>
            {
                ["recurringtasks:UPDATEDEVICEINFO:every"] = "00:00:02",
                ["recurringtasks:UPDATEDEVICEINFO:overlap"] = "ALLOW"
            });

        Assert.Equal((Second * 2, Overlap.Allow),
            (host["updateDeviceInfo"].Options.Every, host["updateDeviceInfo"].Options.Overlap.Policy));
    }

    [Fact]
    public void A_section_that_matches_no_task_is_doubtful()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("updateDeviceInfo", Nothing).Every(Second),
            settings: new Dictionary<string, string?> { ["RecurringTasks:updateDevceInfo:Every"] = "00:00:02" });

        var warning = Assert.Single(host.Logs.Lines, line => line.Id == 41);
        Assert.Equal("Configuration section RecurringTasks:updateDevceInfo matches no recurring task and is ignored, "
            + "did you mean 'updateDeviceInfo'?", warning.Text);
    }

    [Theory]
    [InlineData("Every", "2", "a duration such as 00:00:02.500 or 1.12:00:00")]
    [InlineData("Every", "2s", "a duration such as 00:00:02.500 or 1.12:00:00")]
    [InlineData("Every", "48:00:00", "a duration such as 00:00:02.500 or 1.12:00:00")] // TimeSpan would read days
    [InlineData("Every", "00:90:00", "a duration such as 00:00:02.500 or 1.12:00:00")]
    [InlineData("Enabled", "yes", "true or false")]
    [InlineData("StartAt", "soon", "an instant such as 2026-01-31T03:00:00Z")]
    [InlineData("StartAt", "12:00", "an instant such as 2026-01-31T03:00:00Z")] // of which day?
    [InlineData("EndAt", "31 January", "an instant such as 2026-01-31T03:00:00Z")] // of which year?
    [InlineData("EndAt", "01/02/2026", "an instant such as 2026-01-31T03:00:00Z")] // January or February?
    [InlineData("Missed:Max", "1.5", "a whole number")]
    [InlineData("StopAfter", "many", "a whole number")]
    [InlineData("BackOff:Factor", "twice", "a number such as 1.5")]
    [InlineData("BackOff:Factor", "1,5", "a number such as 1.5")] // 15, if the comma separates thousands
    // 3, if they were flags.
    [InlineData("Overlap:Policy", "BufferOne, BufferAll", "one of Skip, BufferOne, BufferAll, CancelRunning, Allow")]
    [InlineData("Overlap:Policy", "3", "one of Skip, BufferOne, BufferAll, CancelRunning, Allow")]
    [InlineData("Overlap:Policy", "Never", "one of Skip, BufferOne, BufferAll, CancelRunning, Allow")]
    [InlineData("Overlap:Policy", "7", "one of Skip, BufferOne, BufferAll, CancelRunning, Allow")]
    public void A_value_that_cannot_be_read(string setting, string? value, string form) =>
        Assert.Equal($"Recurring task 'task': RecurringTasks:task:{setting} '{value}' is not {form}.",
            ProblemOfSetting(setting, value));

    [Theory]
    [InlineData("2026-01-31", 0)]
    [InlineData("2026-01-31T03:00", 3)]
    [InlineData("2026-01-31 03:00:00", 3)]
    [InlineData("2026-01-31T03:00:00.0000000Z", 3)]
    [InlineData("2026-01-31T04:00:00+01:00", 3)]
    [InlineData("2026-01-31 04:00:00 +01:00", 3)]
    public void An_instant_may_be_written_as_any_part_of_ISO_8601_and_is_in_UTC_unless_it_says_otherwise(string text, int hour)
    {
        using var host = Run(task => task.Every(Second), ("EndAt", text));

        Assert.Equal(new DateTimeOffset(2026, 1, 31, hour, 0, 0, TimeSpan.Zero), host["task"].Options.EndAt);
    }

    [Theory]
    [InlineData("00:00:05")]
    [InlineData("x")]
    public void A_value_in_place_of_the_settings(string value) => Assert.Equal(
        $"Recurring task 'task': RecurringTasks:task '{value}' is not a setting. "
        + "Write the name of the setting too, such as RecurringTasks:task:Every.",
        Problem(task => task.Every(Second), new Dictionary<string, string?> { ["RecurringTasks:task"] = value }));

    private static LoopHost Run(Action<IRecurringTaskBuilder> configure, params (string Setting, string Value)[] settings) =>
        LoopHost.Run(
            services => configure(services.AddRecurringTask("task", Nothing)),
            settings: settings.ToDictionary(setting => $"RecurringTasks:task:{setting.Setting}",
                string? (setting) => setting.Value));
}
