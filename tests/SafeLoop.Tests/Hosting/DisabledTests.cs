using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>A task that is disabled says so, and by what: in the log, in its snapshot and in health.</summary>
public class DisabledTests
{
    private const string Common = "RecurringTasks:Enabled";

    [Fact]
    public async Task The_switch_for_all_tasks_is_named_once_in_the_log_in_each_snapshot_and_in_health()
    {
        using var host = Run((Common, "false"));
        const string Line = "Disabled by RecurringTasks:Enabled, so slots are skipped: 'a', 'b', 'poll', 'poll.keys'.";

        Assert.Equal([Line], Lines(host));
        Assert.All(
            host.Tasks.All,
            task => Assert.Equal("Disabled by RecurringTasks:Enabled.", task.Snapshot().StateReason));
        Assert.Equal((HealthStatus.Healthy, Line), await Health(host));
    }

    [Fact]
    public void Tasks_that_are_disabled_by_their_own_options_say_so()
    {
        using var host = Run(("RecurringTasks:b:Enabled", "false"), ("RecurringTasks:poll:Enabled", "false"));

        Assert.Equal(
            [
                "Disabled by the option Enabled, so slots are skipped: 'b', 'poll'.",
                "Disabled by 'poll', whose keys it reads, so slots are skipped: 'poll.keys'.",
            ],
            Lines(host));
        Assert.Null(host["a"].Snapshot().StateReason);
        Assert.Equal("Disabled by the option Enabled.", host["b"].Snapshot().StateReason);
    }

    [Fact]
    public void The_switch_of_tests_is_named()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("a", Steps.None).Every(1.Seconds);
            services.DisableRecurringTasks();
        });

        Assert.Equal(["Disabled by DisableRecurringTasks, so slots are skipped: 'a'."], Lines(host));
    }

    [Fact]
    public async Task A_reload_is_reported_too()
    {
        using var host = Run();
        Assert.Empty(Lines(host));
        Assert.Equal((HealthStatus.Healthy, null), await Health(host));

        Set(host, Common, "false");
        Set(host, "RecurringTasks:a:Timeout", "00:00:01"); // changes nothing about it
        Set(host, Common, "true");

        Assert.Equal(
            [
                "Disabled by RecurringTasks:Enabled, so slots are skipped: 'a', 'b', 'poll', 'poll.keys'.",
                "No recurring task is disabled any more.",
            ],
            Lines(host));
        Assert.Null(host["a"].Snapshot().StateReason);
    }

    [Fact]
    public void A_key_says_so_too()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds), new() { ["RecurringTasks:poll:Enabled"] = "false" });
        poll.Add("a");

        Assert.Equal("Disabled by the option Enabled.", poll.Keys.Find("a")!.Snapshot().StateReason);
        Assert.Equal("Disabled by the option Enabled.", poll.Pin("a").Snapshot().StateReason);
    }

    [Fact]
    public void Of_many_tasks_ten_are_named()
    {
        using var host = LoopHost.Run(
            services =>
            {
                for (var n = 1; n <= 12; n++)
                    services.AddRecurringTask($"t{n}", Steps.None).Every(1.Seconds);
            },
            settings: new Dictionary<string, string?> { [Common] = "false" });

        Assert.EndsWith("'t9', 't10' and 2 more.", Assert.Single(Lines(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_by_hand_of_a_disabled_task_says_why_it_is_skipped()
    {
        using var host = Run((Common, "false"));
        var run = host["a"].RunNowAsync();
        host.Settle();

        Assert.Equal(
            (OutcomeReason.Disabled, "Disabled by RecurringTasks:Enabled."), ((await run).Reason, (await run).Error));
    }

    private static string[] Lines(LoopHost host) => [.. host.Logs.Lines.Where(line => line.Id == 45).Select(line => line.Text)];

    private static async Task<(HealthStatus, string?)> Health(LoopHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return (report.Status, Assert.Single(report.Entries).Value.Description);
    }

    private static void Set(LoopHost host, string key, string value)
    {
        host.Configuration[key] = value;
        host.Configuration.Reload();
        host.Settle();
    }

    private static LoopHost Run(params (string Key, string? Value)[] settings) => LoopHost.Run(
        services =>
        {
            services.AddSingleton(new Poll.Script());
            services.AddRecurringTask("a", Steps.None).Every(1.Seconds);
            services.AddRecurringTask("b", Steps.None).Every(1.Seconds);
            services.AddRecurringTask<Poll, string>().Every(1.Seconds)
                .KeysFrom((_, _) => AsyncEnumerable.Empty<string>(), 1.Minutes);
            services.AddHealthChecks().AddRecurringTasks();
        },
        settings: settings.ToDictionary(setting => setting.Key, setting => setting.Value));
}
