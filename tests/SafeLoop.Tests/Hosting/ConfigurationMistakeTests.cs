using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests.Keys;
using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>What configuration, code and changes at run time may not say, and what is no mistake.</summary>
public class ConfigurationMistakeTests
{
    [Theory]
    [InlineData("sync:orders")]
    [InlineData("Sync:Orders:eu")]
    public void A_name_with_a_colon_is_found_in_configuration_without_a_warning(string name)
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask(name, Nothing),
            settings: new Dictionary<string, string?> { [$"RecurringTasks:{name}:Every"] = "00:00:10" });

        Assert.Equal(Second * 10, host[name].Options.Every);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Id == 41);
    }

    [Fact]
    public void One_name_may_be_the_beginning_of_another()
    {
        using var host = LoopHost.Run(
            services =>
            {
                services.AddRecurringTask("sync", Nothing);
                services.AddRecurringTask("sync:orders", Nothing);
                services.AddRecurringTask("sync:orders:eu", Nothing);
            },
            settings: new Dictionary<string, string?>
            {
                ["RecurringTasks:sync:Every"] = "00:00:10",
                ["RecurringTasks:sync:orders:Every"] = "00:00:20",
                ["RecurringTasks:sync:orders:eu:Every"] = "00:00:30",
            });

        Assert.Equal([Second * 10, Second * 20, Second * 30], host.Tasks.All.Select(task => task.Options.Every!.Value));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Id == 41);
    }

    [Fact]
    public void A_mistyped_part_of_a_name_with_a_colon_is_a_warning()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("sync:orders", Nothing).Every(Second),
            settings: new Dictionary<string, string?>
            {
                ["RecurringTasks:sync:ordrs:Every"] = "00:00:10",
                ["RecurringTasks:snc:orders:Every"] = "00:00:10"
            });

        Assert.Equal(
            [
                "Configuration section RecurringTasks:snc matches no recurring task and is ignored, did you mean 'sync'?",
                "Configuration section RecurringTasks:sync:ordrs matches no recurring task and is ignored, "
                + "did you mean 'sync:orders'?",
            ],
            host.Logs.Lines.Where(line => line.Id == 41).Select(line => line.Text).Order());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("00:00:05")]
    public void A_value_in_place_of_all_sections(string value) => Assert.Equal(
        $"RecurringTasks '{value}' is a value, but holds one section for each task. "
        + "Write the task and the setting too, such as RecurringTasks:task:Every.",
        Problem(task => task.Every(Second), new Dictionary<string, string?> { ["RecurringTasks"] = value }));

    [Fact]
    public void A_value_in_place_of_all_sections_is_reported_beside_all_other_problems() => Assert.Equal(
        2,
        Problems(services => services.AddRecurringTask("task", Nothing),
            new Dictionary<string, string?> { ["RecurringTasks"] = "x" }).Count);

    [Theory]
    [InlineData(LockHeld.Wait)]
    [InlineData(LockHeld.Stop)]
    public void What_to_do_when_the_lock_is_held_without_a_lock(LockHeld whenHeld) => Assert.Equal(
        $"Recurring task 'task': Lock:WhenHeld '{whenHeld}' has no effect without Lock:Name. "
        + "Call WithLock(name, …), or set Lock:Name.",
        ProblemOfSetting("Lock:WhenHeld", whenHeld.ToString()));

    [Theory]
    [InlineData("BackOff:Factor", "NaN", "BackOff:Factor is NaN. Set it to a number of at least 1.")]
    [InlineData("BackOff:Factor", "0.5", "BackOff:Factor is 0.5. Set it to a number of at least 1.")]
    [InlineData("BackOff:Factor", "Infinity", "BackOff:Factor is Infinity. Set it to a number of at least 1.")]
    [InlineData("BackOff:Jitter", "NaN", "BackOff:Jitter is NaN. Set it to a number from 0 to 1.")]
    [InlineData("BackOff:Jitter", "2", "BackOff:Jitter is 2. Set it to a number from 0 to 1.")]
    [InlineData("BackOff:Max", "-00:00:01", "BackOff:Max is -00:00:01. Set it to at least 1 ms.")]
    public void A_value_that_is_none_is_refused_without_its_owner_too(string setting, string value, string sentence) =>
        Assert.Equal($"Recurring task 'task': {sentence}", ProblemOfSetting(setting, value));

    public static TheoryData<string, Action<RecurringTaskOptions>> Nulls => new()
    {
        { "WhileChecks", options => options.WhileChecks.Add(null!) },
        { "UntilChecks", options => options.UntilChecks.Add(null!) },
        { "FailureHandlers", options => options.FailureHandlers.Add(null!) },
        { "Exclusions", options => options.Exclusions.Add(null!) },
    };

    [Theory]
    [MemberData(nameof(Nulls))]
    public void A_null_among_the_checks_handlers_and_exclusions(string list, Action<RecurringTaskOptions> add)
    {
        var sentence = $"Recurring task 'task': {list} contains null. Remove it.";
        Assert.Equal(sentence, Problem(task => task.Every(Second).Configure(add)));

        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).Every(Second));
        var error = Assert.Throws<InvalidRecurringTaskException>(() => { _ = host["task"].ChangeAsync(add); });
        host.Advance(Second);
        Assert.Equal([sentence], error.Problems);
        Assert.All(host.Records(), record => Assert.Equal(IterationOutcome.Succeeded, record.Outcome));
    }

    [Fact]
    public void A_bad_cron_and_a_bad_zone_are_both_reported()
    {
        Action<IServiceCollection> configure = services => services.AddRecurringTask("task", Nothing)
            .Cron("61 * * * *", "Europe/Berlim");
        var problems = Problems(configure);

        Assert.Equal(2, problems.Count);
        Assert.Contains("minute 61", problems[0], StringComparison.Ordinal);
        Assert.Contains("'Europe/Berlim'", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_cron_and_a_bad_zone_are_both_reported_by_the_parser()
    {
        var message = Assert.Throws<FormatException>(() => CronSchedule.Parse("61 * * * *", "Europe/Berlim")).Message;

        Assert.Contains("minute 61", message, StringComparison.Ordinal);
        Assert.Contains("'Europe/Berlim'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_is_wrong_with_a_schedule_hides_anything_else()
    {
        var problems = Problems(services => services.AddRecurringTask("task", Nothing).Every(TimeSpan.Zero)
            .Cron("61 * * * *", "Europe/Berlim")
            .OnDaylightSaving((SkippedTime)7, (RepeatedTime)8)
            .Except(Exclusion.Cron("62 * * * *").In("Europe/Parris")).Except(Exclusion.Weekdays(DayOfWeek.Sunday)));

        Assert.Collection(
            problems,
            problem => Assert.Contains("it has 2 schedules (Every, Cron)", problem, StringComparison.Ordinal),
            problem => Assert.Contains("Every is 00:00:00", problem, StringComparison.Ordinal),
            problem => Assert.Contains("minute 61", problem, StringComparison.Ordinal),
            problem => Assert.Contains("'Europe/Berlim'", problem, StringComparison.Ordinal),
            problem => Assert.Contains("DaylightSaving:Skipped '7'", problem, StringComparison.Ordinal),
            problem => Assert.Contains("DaylightSaving:Repeated '8'", problem, StringComparison.Ordinal),
            problem => Assert.Contains("Except: Cron expression '62 * * * *'", problem, StringComparison.Ordinal),
            problem => Assert.Contains("Except: Time zone 'Europe/Parris'", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_by_hand_does_not_make_a_bad_configuration_good()
    {
        using var host = LoopHost.Run(
            services =>
            {
                services.AddRecurringTask("task", Nothing);
                services.AddHealthChecks().AddRecurringTasks();
            },
            settings: new Dictionary<string, string?> { ["RecurringTasks:task:Every"] = "00:00:05" });
        Reload(host, "task", "2");
        host.Wait(host["task"].ChangeAsync(options => options.Timeout = Second));

        Assert.Equal(Second, host["task"].Options.Timeout);
        Assert.Contains("'2' is not a duration", host["task"].Snapshot().RejectedChange, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, Health(host));

        Reload(host, "task", "00:00:05");
        Assert.Null(host["task"].Snapshot().RejectedChange);
        Assert.Equal(HealthStatus.Healthy, Health(host));
    }

    [Fact]
    public void A_change_of_one_key_by_hand_does_not_make_a_bad_configuration_good()
    {
        using var poll = new PollHost(_ => { }, new() { ["RecurringTasks:poll:Every"] = "00:00:05" });
        poll.Add("a");
        var handle = poll.Keys.Find("a")!;
        Reload(poll.Host, "poll", "2");
        poll.Host.Wait(handle.ChangeAsync(options => options.Timeout = Second));

        Assert.Contains("'2' is not a duration", handle.Snapshot().RejectedChange, StringComparison.Ordinal);

        Reload(poll.Host, "poll", "00:00:05");
        Assert.Null(handle.Snapshot().RejectedChange);
    }

    private static void Reload(LoopHost host, string task, string every)
    {
        host.Configuration[$"RecurringTasks:{task}:Every"] = every;
        host.Configuration.Reload();
        host.Settle();
    }

    private static HealthStatus Health(LoopHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().GetAwaiter().GetResult().Status;
}
