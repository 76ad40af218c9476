using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>One switch for all loops, and one zone for all that have none.</summary>
public class CommonSettingsTests
{
    private const string Enabled = "RecurringTasks:Enabled", Zone = "RecurringTasks:TimeZone";

    [Theory]
    [InlineData("false")]
    [InlineData(" FALSE ")]
    public void The_switch_disables_every_task_whatever_it_says_itself(string value)
    {
        using var host = Run(Tasks, (Enabled, value), ("RecurringTasks:a:Enabled", "true"));
        Assert.True(host.Services.GetRequiredService<IRecurringTaskKeys<Poll, string>>().TryAdd("key"));
        host.Tasks.Add(
            "added", task => task.Step("step", Steps.None).Every(1.Seconds).Configure(options => options.Enabled = true));
        host.Advance(5.Seconds);

        Assert.All(host.Tasks.All, task => Assert.Equal(RecurringTaskState.Disabled, task.State));
        Assert.Equal(["a", "b", "poll", "poll.keys", "added"], host.Tasks.All.Select(task => task.Name));
        Assert.All(host.Observer.Of(LoopEventKind.IterationEnded), e => Assert.Equal(OutcomeReason.Disabled, e.Record.Reason));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("")]
    [InlineData(null)]
    public void A_switch_that_is_on_or_not_set_disables_nothing(string? value)
    {
        using var host = Run(Tasks, (Enabled, value), ("RecurringTasks:b:Enabled", "false"));

        Assert.Equal((RecurringTaskState.Waiting, RecurringTaskState.Disabled), (host["a"].State, host["b"].State));
    }

    [Fact]
    public void The_switch_works_while_the_host_runs()
    {
        using var host = Run(Tasks);
        Set(host, Enabled, "false");
        Assert.Equal(RecurringTaskState.Disabled, host["a"].State);

        Set(host, Enabled, "perhaps");
        Assert.Equal(RecurringTaskState.Disabled, host["a"].State);
        Assert.Contains(
            "RecurringTasks:Enabled 'perhaps' is not true or false",
            host["a"].Snapshot().RejectedChange,
            StringComparison.Ordinal);

        Set(host, Enabled, "true");
        Assert.Equal((RecurringTaskState.Waiting, null), (host["a"].State, host["a"].Snapshot().RejectedChange));
    }

    [Fact]
    public void An_environment_variable_is_enough()
    {
        const string Variable = "SAFELOOP_TEST_RecurringTasks__Enabled";
        Environment.SetEnvironmentVariable(Variable, "false");
        try
        {
            var settings = new ConfigurationBuilder().AddEnvironmentVariables("SAFELOOP_TEST_").Build();
            using var host = LoopHost.Run(services =>
            {
                services.AddSingleton<IConfiguration>(settings);
                services.AddRecurringTask("task", Steps.None).Every(1.Seconds);
            });

            Assert.Equal(RecurringTaskState.Disabled, host["task"].State);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_test_disables_all_of_them_whatever_the_configuration_says(bool before)
    {
        using var host = Run(
            services =>
            {
                if (before)
                    services.DisableRecurringTasks();
                Tasks(services);
                if (!before)
                    services.DisableRecurringTasks();
            },
            (Enabled, "true"),
            ("RecurringTasks:a:Enabled", "true"));
        host.Tasks.Add("added", task => task.Step("step", Steps.None).Every(1.Seconds));
        Set(host, "RecurringTasks:a:Every", "00:00:02");

        Assert.All(host.Tasks.All, task => Assert.Equal(RecurringTaskState.Disabled, task.State));
        Assert.Equal(2.Seconds, host["a"].Options.Every);
    }

    [Fact]
    public void A_value_that_cannot_be_read_is_one_problem_beside_the_others() => Assert.Equal(
        ["RecurringTasks:Enabled 'no' is not true or false.",
            "Recurring task 'b': Every is 00:00:00. Set it to at least 1 ms."],
        Problems(Tasks, (Enabled, "no"), ("RecurringTasks:b:Every", "00:00:00")));

    [Theory]
    [InlineData("Enabled")]
    [InlineData("enabled")]
    [InlineData("TimeZone")]
    [InlineData("TIMEZONE")]
    public void Their_names_are_reserved(string name)
    {
        var sentence = $"Recurring task '{name}': its name is reserved: RecurringTasks:{name} is a setting for all tasks. "
            + "Give it another name.";

        Assert.Equal([sentence], Problems(services => services.AddRecurringTask(name, Steps.None).Every(1.Seconds)));
        Assert.Equal(
            [sentence],
            Problems(services => services.AddSingleton(new Poll.Script()).AddRecurringTask<Poll, string>(name).Every(1.Seconds)));
        using var host = Run(_ => { });
        Assert.Equal([sentence], Assert.Throws<InvalidRecurringTaskException>(
            () => host.Tasks.Add(name, task => task.Step("step", Steps.None).Every(1.Seconds))).Problems);
    }

    [Fact]
    public void They_are_no_sections_that_match_no_task()
    {
        using var host = Run(Tasks, (Enabled, "true"), (Zone, "Europe/Berlin"), ("RecurringTasks:Enable", "false"));

        var warning = Assert.Single(host.Logs.Lines, line => line.Level is LogLevel.Warning);
        Assert.Contains(
            "RecurringTasks:Enable matches no recurring task and is ignored, did you mean 'Enabled'",
            warning.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_zone_is_that_of_cron_and_exclusions_that_have_none()
    {
        using var host = Run(
            services =>
            {
                services.AddRecurringTask("default", Steps.None).Cron("0 3 * * *");
                services.AddRecurringTask("own", Steps.None).Cron("0 3 * * *", "Asia/Tokyo");
                services.AddRecurringTask("every", Steps.None).Every(12.Hours);
                services.AddRecurringTask("except", Steps.None).Every(1.Hours).Except(Exclusion.Times(new(0, 0), new(4, 0)));
            },
            (Zone, "America/New_York"));

        Assert.Equal((8, 18), (HourOf(host, "default"), HourOf(host, "own")));
        Assert.Equal(0, host.Records("except")[0].Slot.Hour); // seven in the evening of the day before
        Assert.Null(host["every"].Options.TimeZone);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public void A_task_that_loses_or_gains_its_cron_by_hand_never_conflicts_with_it()
    {
        using var host = Run(
            services => services.AddRecurringTask("task", Steps.None).Cron("0 3 * * *"), (Zone, "America/New_York"));
        host.Wait(host["task"].ChangeAsync(options => (options.Cron, options.Every) = (null, 5.Seconds)));
        Assert.Equal(5.Seconds, host["task"].Options.Every);

        host.Wait(host["task"].ChangeAsync(new RecurringTaskOptions { Cron = "0 3 * * *" }));
        Assert.Equal(8, HourOf(host, "task"));
    }

    [Fact]
    public void A_reloaded_zone_moves_those_that_have_none_and_no_others()
    {
        using var host = Run(services =>
        {
            services.AddRecurringTask("default", Steps.None).Cron("0 3 * * *");
            services.AddRecurringTask("own", Steps.None).Cron("0 3 * * *", "Asia/Tokyo");
            services.AddRecurringTask("every", Steps.None).Every(12.Hours);
        });
        Assert.Equal(3, HourOf(host, "default"));
        Set(host, Zone, "America/New_York");

        Assert.Equal(8, HourOf(host, "default"));
        Assert.Equal(["default"], host.Observer.Of(LoopEventKind.Changed).Select(e => e.TaskName));
    }

    [Fact]
    public void A_zone_that_is_not_known_is_one_problem_of_those_that_need_it()
    {
        const string Mistake =
            "RecurringTasks:TimeZone: Time zone 'Europe/Berln' is not known on this machine, did you mean 'Europe/Berlin'? "
            + "Use an IANA id such as Europe/Berlin, a Windows id, UTC, or Local for the zone of the machine. "
            + "Or set TimeZone for each task that needs it: ";
        void Default(IServiceCollection services) => services.AddRecurringTask("default", Steps.None).Cron("0 3 * * *");
        void Own(IServiceCollection services) => services.AddRecurringTask("own", Steps.None).Cron("0 3 * * *", "UTC")
            .Except(Exclusion.Weekdays(DayOfWeek.Sunday));
        void Except(IServiceCollection services) => services.AddRecurringTask("except", Steps.None).Every(1.Seconds)
            .Except(Exclusion.Weekdays(DayOfWeek.Sunday)).Except(Exclusion.Cron("0 * * * *", 1.Minutes));
        void Keyed(IServiceCollection services) => services.AddSingleton(new Poll.Script())
            .AddRecurringTask<Poll, string>().Cron(_ => "0 3 * * *");

        Assert.Equal([$"{Mistake}'default'."], Problems(Own, Default));
        Assert.Equal([$"{Mistake}'except'."], Problems(Own, Except));
        Assert.Equal([$"{Mistake}'poll'."], Problems(Own, Keyed));
        Assert.Equal([$"{Mistake}'default', 'except', 'poll'."], Problems(Own, Default, Except, Keyed));
        Assert.StartsWith(
            "Recurring task 'none': it has no step.",
            Problems(Except, services => services.AddRecurringTask("none").Every(1.Seconds))[1],
            StringComparison.Ordinal);

        static IReadOnlyList<string> Problems(params Action<IServiceCollection>[] tasks) => CommonSettingsTests.Problems(
            services => Array.ForEach(tasks, task => task(services)), (Zone, "Europe/Berln"));
    }

    [Fact]
    public void A_zone_that_is_not_known_is_a_warning_when_no_task_needs_it()
    {
        using var host = Run(
            services =>
            {
                Tasks(services);
                services.AddRecurringTask("own", Steps.None).Cron("0 3 * * *", "UTC");
                services.AddRecurringTask("except", Steps.None).Every(1.Seconds)
                    .Except(Exclusion.Weekdays(DayOfWeek.Sunday).In("UTC"));
            },
            (Zone, "Mars/Olympus"));

        Assert.StartsWith(
            "RecurringTasks:TimeZone: Time zone 'Mars/Olympus' is not known on this machine",
            Assert.Single(host.Logs.Lines, line => line.Level is LogLevel.Warning).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reloaded_zone_that_is_not_known_leaves_the_old_one_in_force()
    {
        using var host = Run(
            services =>
            {
                services.AddRecurringTask("default", Steps.None).Cron("0 3 * * *");
                services.AddRecurringTask("every", Steps.None).Every(12.Hours);
            },
            (Zone, "America/New_York"));
        Set(host, Zone, "Mars/Olympus");

        Assert.Equal(8, HourOf(host, "default"));
        Assert.Contains("'Mars/Olympus' is not known", host["default"].Snapshot().RejectedChange, StringComparison.Ordinal);
        Assert.Null(host["every"].Snapshot().RejectedChange);
    }

    private static int HourOf(LoopHost host, string task) => host[task].UpcomingSlots(1)[0].Slot.UtcDateTime.Hour;

    private static void Tasks(IServiceCollection services)
    {
        services.AddSingleton(new Poll.Script());
        services.AddRecurringTask("a", Steps.None).Every(1.Seconds);
        services.AddRecurringTask("b", Steps.None).Every(1.Seconds);
        services.AddRecurringTask<Poll, string>().Every(1.Seconds)
            .KeysFrom((_, _) => AsyncEnumerable.Empty<string>(), 10.Seconds);
    }

    private static LoopHost Run(Action<IServiceCollection> configure, params (string Key, string? Value)[] settings) =>
        LoopHost.Run(configure, settings: settings.ToDictionary(setting => setting.Key, setting => setting.Value));

    private static IReadOnlyList<string> Problems(
        Action<IServiceCollection> configure, params (string Key, string? Value)[] settings) =>
        Assert.Throws<InvalidRecurringTaskException>(() => Run(configure, settings).Dispose()).Problems;

    private static void Set(LoopHost host, string key, string value)
    {
        host.Configuration[key] = value;
        host.Configuration.Reload();
        host.Settle();
    }
}
