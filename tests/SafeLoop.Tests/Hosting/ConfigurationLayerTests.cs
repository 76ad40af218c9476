using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;
using static SafeLoop.Tests.Hosting.Layers;

namespace SafeLoop.Tests.Hosting;

/// <summary>The highest layer that names a schedule hides the schedules of the layers below it and of code.</summary>
public class ConfigurationLayerTests
{
    private static readonly (string Setting, string Value)[] Schedules =
        [("Every", "00:00:10"), ("Delay", "00:00:20"), ("Cron", "0 3 * * *"), ("Continuously", "true")];

    public static IEnumerable<object[]> Pairs =>
        from below in Enumerable.Range(0, 4) from above in Enumerable.Range(0, 4) select new object[] { below, above };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_schedule_of_any_kind_replaces_one_of_any_kind_below_it(int below, int above)
    {
        var options = Options(_ => { }, Layer(Schedules[below]), Layer(Schedules[above]));

        Assert.Equal([Schedules[above].Setting], SchedulesOf(options));
    }

    [Fact]
    public void The_highest_of_several_layers_wins()
    {
        var options = Options(
            task => task.Cron("0 3 * * *"),
            Layer(Schedules[0]),
            Layer(Schedules[1]),
            Layer(("Jitter", "00:00:01")),
            Layer(Schedules[3]));

        Assert.Equal(["Continuously"], SchedulesOf(options));
    }

    [Fact]
    public void Other_settings_of_the_layers_below_stay()
    {
        using var host = Run(_ => { }, Layer(("Cron", "0 3 * * *"), ("Timeout", "00:30:00")), Layer(("Every", "00:00:10")));

        Assert.Equal(TimeSpan.FromMinutes(30), host["task"].Options.Timeout);
    }

    [Fact]
    public void Two_schedules_of_one_layer_are_two_schedules() => Assert.Equal(
        "Recurring task 'task': it has 2 schedules (Every, Cron). Keep one, "
            + "or register a task for each and put them under one lock with WithLock.",
        Problem(_ => { }, Layer(("Delay", "00:00:01")), Layer(("Every", "00:00:10"), ("Cron", "0 3 * * *"))));

    [Fact]
    public void A_schedule_that_is_hidden_is_not_read()
    {
        using var host = Run(task => task.Cron("not a cron"), Layer(("Every", "often")), Layer(("Every", "00:00:10")));

        Assert.Equal(["Every"], SchedulesOf(host["task"].Options));
    }

    [Fact]
    public void A_schedule_that_cannot_be_read_hides_too_and_is_refused() => Assert.Equal(
        "Recurring task 'task': RecurringTasks:task:Every '10s' is not a duration such as 00:00:02.500 or 1.12:00:00.",
        Problem(_ => { }, Layer(("Cron", "0 3 * * *")), Layer(("Every", "10s"))));

    [Fact]
    public void The_zone_goes_with_the_cron_it_was_for()
    {
        using var host = Run(_ => { }, Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Berlin")), Layer(("Every", "00:00:10")));

        Assert.Null(host["task"].Options.TimeZone);
    }

    [Fact]
    public void The_zone_of_code_goes_with_the_cron_it_was_for()
    {
        using var host = Run(task => task.Cron("0 3 * * *", "Europe/Berlin"), Layer(("Delay", "00:00:10")));

        Assert.Null(host["task"].Options.TimeZone);
    }

    [Fact]
    public void The_zone_stays_for_exclusions()
    {
        using var host = Run(
            task => task.Cron("0 3 * * *", "Europe/Berlin").Except(Exclusion.Weekdays(DayOfWeek.Sunday)),
            Layer(("Every", "00:00:10")));

        Assert.Equal("Europe/Berlin", host["task"].Options.TimeZone);
    }

    [Fact]
    public void A_cron_without_a_zone_keeps_the_zone_of_the_layer_below()
    {
        using var host = Run(_ => { }, Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Berlin")), Layer(("Cron", "0 4 * * *")));

        Assert.Equal(("0 4 * * *", "Europe/Berlin"), (host["task"].Options.Cron, host["task"].Options.TimeZone));
    }

    [Fact]
    public void A_cron_without_a_zone_keeps_the_zone_of_code()
    {
        using var host = Run(task => task.Cron("0 3 * * *", "America/New_York"), Layer(("Cron", "0 4 * * *")));

        Assert.Equal(LoopHost.Start.AddHours(9), host["task"].UpcomingSlots(1)[0].Slot); // 04:00 in New York, in winter
    }

    [Fact]
    public void A_cron_keeps_a_zone_from_below_an_interval_that_it_hides()
    {
        using var host = Run(
            _ => { },
            Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Berlin")),
            Layer(("Every", "00:00:10")),
            Layer(("Cron", "0 4 * * *")));

        Assert.Equal("Europe/Berlin", host["task"].Options.TimeZone);
    }

    [Theory]
    [InlineData(0)] // beside the interval
    [InlineData(1)] // above it
    public void A_zone_that_was_set_for_an_interval_is_refused(int above)
    {
        var layers = new[] { Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Paris")), Layer(("Every", "00:00:10")), [] };
        layers[1 + above]["RecurringTasks:task:TimeZone"] = "Europe/Berlin";

        Assert.Equal(
            "Recurring task 'task': TimeZone 'Europe/Berlin' has no effect without Cron or Except. Remove it, or set Cron.",
            Problem(_ => { }, layers));
    }

    [Fact]
    public void The_layers_of_a_chained_configuration_are_layers_too()
    {
        var inner = Root(Layer(("Cron", "0 3 * * *")), Layer(("Every", "00:00:10")));
        var root = new ConfigurationBuilder().AddInMemoryCollection(Layer(("Delay", "00:00:01"))).AddConfiguration(inner).Build();
        using var host = Run(_ => { }, root);

        Assert.Equal(["Every"], SchedulesOf(host["task"].Options));
    }

    [Fact]
    public void A_chained_section_speaks_of_its_own_keys()
    {
        var inner = Root(
            new() { ["App:RecurringTasks:task:Cron"] = "0 3 * * *" }, new() { ["App:RecurringTasks:task:Every"] = "00:00:10" });
        var root = new ConfigurationBuilder().AddConfiguration(inner.GetSection("App")).Build();

        // A chained section does not show its layers.
        Assert.Equal(["Recurring task 'task': it has 2 schedules (Every, Cron). Keep one, "
            + "or register a task for each and put them under one lock with WithLock."], Problems(_ => { }, root));
    }

    [Fact]
    public void A_configuration_manager_shows_its_layers()
    {
        using var manager = new ConfigurationManager();
        manager.AddInMemoryCollection(Layer(("Cron", "0 3 * * *"))).AddInMemoryCollection(Layer(("Every", "00:00:10")));
        using var host = Run(_ => { }, manager);

        Assert.Equal(["Every"], SchedulesOf(host["task"].Options));
    }

    [Fact]
    public void A_configuration_that_hides_its_layers_is_one_layer() => Assert.Equal(
        ["Recurring task 'task': it has 2 schedules (Every, Cron). Keep one, "
            + "or register a task for each and put them under one lock with WithLock."],
        Problems(_ => { }, new Opaque(Root(Layer(("Cron", "0 3 * * *")), Layer(("Every", "00:00:10"))))));

    [Fact]
    public void Files_environment_variables_and_the_command_line_are_layers()
    {
        const string Prefix = "SAFELOOP_LAYERS_";
        Environment.SetEnvironmentVariable($"{Prefix}RecurringTasks__task__Delay", "00:00:20");
        try
        {
            IConfigurationBuilder Files() => new ConfigurationBuilder()
                .AddJson("""
                    { "RecurringTasks": { "task": { "Cron": "0 3 * * *", "TimeZone": "Europe/Berlin", "Timeout": "00:30:00" } } }
                    """)
                .AddJson("""{ "RecurringTasks": { "task": { "Every": "00:00:10" } } }""");
            var files = Options(_ => { }, Files().Build());
            var variables = Options(_ => { }, Files().AddEnvironmentVariables(Prefix).Build());
            var commandLine = Options(
                _ => { },
                Files().AddEnvironmentVariables(Prefix).AddCommandLine(["--RecurringTasks:task:Continuously=true"]).Build());

            Assert.Equal(
                ["Every", "Delay", "Continuously"],
                [.. SchedulesOf(files), .. SchedulesOf(variables), .. SchedulesOf(commandLine)]);
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{Prefix}RecurringTasks__task__Delay", null);
        }
    }

    [Fact]
    public void A_reload_reads_the_layers_anew()
    {
        var root = Root(Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Berlin")), []);
        using var host = Run(_ => { }, root);

        Reload("Every", "00:00:10");
        Assert.Equal(["Every"], SchedulesOf(host["task"].Options));
        Assert.Null(host["task"].Options.TimeZone);
        host.Advance(Second * 20);
        Assert.Equal(3, host.Records().Count); // at once, and twice more

        Reload("Every", null);
        Assert.Equal(("0 3 * * *", "Europe/Berlin"), (host["task"].Options.Cron, host["task"].Options.TimeZone));
        Assert.Null(host["task"].Snapshot().RejectedChange);

        void Reload(string setting, string? value)
        {
            root.Providers.Last().Set($"RecurringTasks:task:{setting}", value);
            root.Reload();
            host.Settle();
        }
    }

    [Fact]
    public void A_layer_is_looked_through_once_per_task_however_many_settings_it_has()
    {
        var provider = new CountingProvider(
            Layer(("Every", "00:00:10"), ("Timeout", "00:00:01"), ("Jitter", "00:00:01"), ("Lock", "lock")));
        var options = Options(_ => { }, new ConfigurationRoot([provider]));

        Assert.Equal(("lock", 1), (options.Lock.Name, provider.Looks));
    }

    private sealed class CountingProvider : ConfigurationProvider
    {
        public CountingProvider(IDictionary<string, string?> settings) => Data = settings;

        public int Looks { get; private set; }

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            Looks++;
            return base.GetChildKeys(earlierKeys, parentPath);
        }
    }

    private static string[] SchedulesOf(RecurringTaskOptions options) =>
        [.. from schedule in Schedules
            where schedule.Setting switch
            {
                "Every" => options.Every is not null,
                "Delay" => options.Delay is not null,
                "Cron" => options.Cron is not null,
                _ => options.Continuously,
            }
            select schedule.Setting];
}
