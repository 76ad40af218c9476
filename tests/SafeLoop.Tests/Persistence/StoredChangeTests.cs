using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class StoredChangeTests
{
    [Fact]
    public async Task A_change_is_applied_by_all_hosts_and_after_a_restart()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(Register), await hosts.StartAsync(Register));
        var change = Change("""{ "Every": "00:00:10", "Lock": { "Name": "poll" } }""") with { By = "Ann", Reason = "slow" };
        await Commands(one).SendAsync(change);
        await one.AdvanceAsync(6.Seconds);
        await other.AdvanceAsync(6.Seconds);

        Assert.Equal("changed (2 hosts)", (await Commands(one).FindAsync(change.Id))!.Text);
        hosts.Kill();
        var next = await hosts.StartAsync(Register, other.Now + 1.Hours);
        foreach (var host in (VirtualHost[])[one, other, next])
        {
            Assert.Equal((10.Seconds, "poll"), (host["poll"].Options.Every, host["poll"].Options.Lock.Name));
            var stored = host["poll"].Snapshot().Change!;
            Assert.Equal((change.Options, "slow", "Ann"), (stored.Options, stored.Reason, stored.By));
        }
        var before = next["poll"].Snapshot().Iterations;
        await next.AdvanceAsync(1.Minutes);
        Assert.Equal(before + 6, next["poll"].Snapshot().Iterations);
    }

    [Fact]
    public async Task A_change_by_a_handle_is_stored_and_one_back_to_the_configured_options_removes_it()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(Register), await hosts.StartAsync(Register));
        await one["poll"].ChangeAsync(options => (options.Every, options.Cron, options.Timeout) = (null, "0 * * * *", 9.Seconds));
        await one.AdvanceAsync(1.Seconds);
        await other.AdvanceAsync(6.Seconds);
        Assert.Equal("""{"Cron":"0 * * * *","Timeout":"00:00:09"}""", other["poll"].Snapshot().Change!.Options);
        Assert.Equal((null, "0 * * * *"), (other["poll"].Options.Every, other["poll"].Options.Cron));

        await other["poll"].ChangeAsync(
            options => (options.Every, options.Cron, options.Timeout) = (1.Minutes, null, null));
        await other.AdvanceAsync(1.Seconds);
        await one.AdvanceAsync(6.Seconds);
        Assert.Null(one["poll"].Snapshot().Change);
        Assert.Equal((1.Minutes, null), (one["poll"].Options.Every, one["poll"].Options.Cron));
    }

    [Fact]
    public async Task A_change_without_options_removes_the_stored_one()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await Commands(host).SendAsync(Change("""{ "Every": "00:00:10" }"""));
        await host.AdvanceAsync(1.Seconds);
        await Commands(host).SendAsync(Change("{ }"));
        await host.AdvanceAsync(1.Seconds);

        Assert.Equal(1.Minutes, host["poll"].Options.Every);
        hosts.Kill();
        var next = await hosts.StartAsync(Register, host.Now);
        Assert.Equal((1.Minutes, null), (next["poll"].Options.Every, next["poll"].Snapshot().Change));
    }

    [Fact]
    public async Task A_change_is_dropped_when_code_or_configuration_was_changed_since()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await Commands(host).SendAsync(Change("""{ "Every": "00:00:10" }""") with { By = "Ann" });
        await host.AdvanceAsync(6.Seconds);
        hosts.Kill();
        var logs = new RecordingLoggerProvider();
        var next = await hosts.StartAsync(
            services =>
            {
                services.AddRecurringTask("poll", (Iteration _, CancellationToken _) => ValueTask.CompletedTask).Every(2.Minutes);
                services.AddLogging(log => log.AddProvider(logs));
            },
            host.Now);
        await next.AdvanceAsync(6.Seconds);

        Assert.Equal((2.Minutes, null), (next["poll"].Options.Every, next["poll"].Snapshot().Change));
        Assert.Single(logs.Lines, line => line.Text.Contains("is dropped", StringComparison.Ordinal));
        hosts.Kill();
        var last = await hosts.StartAsync(Register, next.Now); // it is gone, also for the options of before
        Assert.Equal((1.Minutes, null), (last["poll"].Options.Every, last["poll"].Snapshot().Change));
    }

    [Fact]
    public async Task A_reload_of_the_configuration_that_changes_the_task_drops_the_change_on_all_hosts()
    {
        await using var hosts = new StoredHosts();
        var configuration = new ConfigurationManager();
        configuration["RecurringTasks:poll:Timeout"] = "00:00:30";
        var (one, other) = (await hosts.StartAsync(RegisterWith), await hosts.StartAsync(Register));
        await Commands(one).SendAsync(Change("""{ "Every": "00:00:10" }"""));
        await one.AdvanceAsync(6.Seconds);
        await other.AdvanceAsync(6.Seconds);
        configuration["RecurringTasks:poll:Timeout"] = "00:00:20";
        ((IConfigurationRoot)configuration).Reload();
        await one.AdvanceAsync(6.Seconds);
        await other.AdvanceAsync(6.Seconds);

        Assert.Equal((1.Minutes, 20.Seconds), (one["poll"].Options.Every, one["poll"].Options.Timeout));
        Assert.Null(one["poll"].Snapshot().Change);
        Assert.Equal((1.Minutes, null), (other["poll"].Options.Every, other["poll"].Snapshot().Change));

        void RegisterWith(IServiceCollection services)
        {
            services.AddSingleton<IConfiguration>(configuration);
            Register(services);
        }
    }

    [Fact]
    public async Task What_configuration_cannot_express_is_changed_on_this_host_only()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(Register), await hosts.StartAsync(Register));
        await one["poll"].ChangeAsync(options =>
        {
            options.Every = 10.Seconds;
            options.FailureHandlers.Add(_ => ValueTask.CompletedTask);
        });
        await one.AdvanceAsync(6.Seconds);
        await other.AdvanceAsync(6.Seconds);

        Assert.Equal((10.Seconds, 1.Minutes), (one["poll"].Options.Every, other["poll"].Options.Every));
        Assert.Null(one["poll"].Snapshot().Change);
    }

    [Theory]
    [InlineData("""{ "Evry": "00:00:10" }""", "Evry")] // a newer version may know it
    [InlineData("""{ "Every": "-00:00:10" }""", "Every")]
    [InlineData("nonsense", "not valid JSON")]
    public async Task A_stored_change_that_cannot_be_used_is_a_sentence_and_the_task_starts(string options, string text)
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await Commands(host).SendAsync(Change("""{ "Every": "00:00:20" }"""));
        await host.AdvanceAsync(6.Seconds);
        var change = Change(options) with { By = "Ann", Fingerprint = host["poll"].Snapshot().Change!.Fingerprint };
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(change, default)); // by a host of a newer version
        await host.AdvanceAsync(6.Seconds);
        Assert.Contains("rejected: ", (await Commands(host).FindAsync(change.Id))!.Results[0].Text, StringComparison.Ordinal);
        hosts.Kill();
        var next = await hosts.StartAsync(
            services =>
            {
                Register(services);
                services.AddHealthChecks().AddRecurringTasks();
            },
            host.Now);
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal((1.Minutes, RecurringTaskState.Waiting), (next["poll"].Options.Every, next["poll"].State));
        var rejected = next["poll"].Snapshot().RejectedChange!;
        Assert.Contains("by Ann cannot be used", rejected, StringComparison.Ordinal);
        Assert.Contains(text, rejected, StringComparison.Ordinal);
        var health = await next.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);

        await Commands(next).SendAsync(Change("""{ "Every": "00:00:30" }"""));
        await next.AdvanceAsync(1.Seconds);
        Assert.Equal((30.Seconds, null), (next["poll"].Options.Every, next["poll"].Snapshot().RejectedChange));
    }

    [Fact]
    public async Task A_change_that_the_task_cannot_use_is_refused_and_the_one_before_stays()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await Commands(host).SendAsync(Change("""{ "Every": "00:00:30" }"""));
        await host.AdvanceAsync(1.Seconds);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => Commands(host).SendAsync(Change("""{ "Every": "00:00:00" }""")));
        await host.AdvanceAsync(6.Seconds);
        hosts.Kill();
        var next = await hosts.StartAsync(Register, host.Now);

        Assert.Contains("The change of task 'poll' cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Equal((30.Seconds, null), (next["poll"].Options.Every, next["poll"].Snapshot().RejectedChange));
    }

    [Fact]
    public async Task A_change_by_a_process_without_the_task_that_the_task_cannot_use_leaves_the_one_before()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(Register), await hosts.StartAsync(Register));
        await Commands(one).SendAsync(Change("""{ "Every": "00:00:30" }"""));
        await AdvanceAsync(one, other);
        var change = Change("""{ "Every": "00:00:00" }""");
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(change, default));
        await AdvanceAsync(one, other);

        var status = (await Commands(one).FindAsync(change.Id))!;
        Assert.Equal(TaskCommandState.Waiting, status.State);
        Assert.StartsWith("rejected: Recurring task 'poll': Every is 00:00:00.", status.Text, StringComparison.Ordinal);
        Assert.EndsWith(" (2 hosts); waits for another host", status.Text, StringComparison.Ordinal);
        Assert.Equal((30.Seconds, null), (one["poll"].Options.Every, one["poll"].Snapshot().RejectedChange));
        hosts.Kill();
        var next = await hosts.StartAsync(Register, one.Now + 2.Minutes);
        Assert.Equal((30.Seconds, null), (next["poll"].Options.Every, next["poll"].Snapshot().RejectedChange));
        Assert.StartsWith("rejected: ", (await Commands(next).FindAsync(change.Id))!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_by_a_process_without_the_task_is_stored_when_a_host_has_applied_it()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(Register), await hosts.StartAsync(Register));
        var change = Change("""{ "Every": "00:00:30" }""") with { By = "Ann" };
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(change, default));
        await AdvanceAsync(one, other);
        await AdvanceAsync(one, other);

        Assert.Equal("changed (2 hosts)", (await Commands(one).FindAsync(change.Id))!.Text);
        hosts.Kill();
        var next = await hosts.StartAsync(Register, one.Now + 1.Hours);
        var stored = next["poll"].Snapshot().Change!;
        Assert.Equal((30.Seconds, "Ann"), (next["poll"].Options.Every, stored.By));
        Assert.Equal(one["poll"].Snapshot().Change!.Since, stored.Since);
    }

    [Fact]
    public async Task SurviveRestarts_cannot_be_changed_while_hosts_are_running()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => services
            .AddRecurringTask("poll", (Iteration _, CancellationToken _) => ValueTask.CompletedTask)
            .Every(1.Minutes).SurviveRestarts(1.Hours));
        const string Sentence = "SurviveRestarts cannot be added or removed while hosts are running: a slot could run twice, "
            + "because hosts read the change one after the other. Change it in code or configuration, and start the hosts again.";

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => Commands(host).SendAsync(Change("""{ "SurviveRestarts": null }""")));
        Assert.Contains(Sentence, error.Message, StringComparison.Ordinal);
        var byHandle = await Assert.ThrowsAsync<InvalidRecurringTaskException>(
            () => host["poll"].ChangeAsync(options => options.SurviveRestarts = null));
        Assert.Equal($"Recurring task 'poll': {Sentence}", byHandle.Message);
        await host["poll"].ChangeAsync(options => options.SurviveRestarts = 2.Hours);
    }

    [Theory]
    [InlineData("01:00:00", null)]
    [InlineData(null, "01:00:00")]
    public async Task A_reload_of_the_configuration_that_adds_or_removes_SurviveRestarts_is_refused(string? before, string? after)
    {
        await using var hosts = new StoredHosts();
        var configuration = new ConfigurationManager();
        configuration["RecurringTasks:poll:SurviveRestarts"] = before;
        var host = await hosts.StartAsync(services =>
        {
            services.AddSingleton<IConfiguration>(configuration);
            Register(services);
            services.AddRecurringTask<OfDevice, int>("devices").Every(1.Minutes);
        });
        configuration["RecurringTasks:poll:SurviveRestarts"] = after;
        configuration["RecurringTasks:poll:Timeout"] = "00:00:20";
        configuration["RecurringTasks:devices:SurviveRestarts"] = "01:00:00";
        ((IConfigurationRoot)configuration).Reload();
        await host.AdvanceAsync(1.Minutes);

        const string Sentence = "SurviveRestarts cannot be added or removed while hosts are running";
        Assert.StartsWith(
            $"Recurring task 'poll': {Sentence}", host["poll"].Snapshot().RejectedChange, StringComparison.Ordinal);
        Assert.StartsWith(
            $"Recurring task 'devices': {Sentence}", host["devices"].Snapshot().RejectedChange, StringComparison.Ordinal);
        Assert.Equal((before is null, null), (host["poll"].Options.SurviveRestarts is null, host["poll"].Options.Timeout));
        Assert.Null(host["devices"].Options.SurviveRestarts);
        Assert.Equal(2, host.Observer.Events.Count(e => e.Kind is LoopEventKind.ChangeRejected));

        configuration["RecurringTasks:poll:SurviveRestarts"] = before;
        configuration["RecurringTasks:devices:SurviveRestarts"] = null;
        ((IConfigurationRoot)configuration).Reload();
        Assert.Equal(
            (null, null, 20.Seconds),
            (host["poll"].Snapshot().RejectedChange, host["devices"].Snapshot().RejectedChange, host["poll"].Options.Timeout));
    }

    [Theory]
    [InlineData(TaskCommandKind.Change, null, "the options of a task with a loop per key cannot be changed by a command")]
    [InlineData(TaskCommandKind.RunNow, null, "RunNow needs a key: the task has a loop per key")]
    [InlineData(TaskCommandKind.Stop, null, "Stop needs a key: the task has a loop per key")]
    public async Task A_command_that_a_task_with_a_loop_per_key_cannot_execute_is_answered_at_once(
        TaskCommandKind kind, string? key, string text)
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(RegisterKeyed), await hosts.StartAsync(RegisterKeyed));
        var command = new TaskCommand
        {
            TaskName = "devices",
            Key = key,
            Kind = kind,
            Options = kind is TaskCommandKind.Change ? """{ "Timeout": "00:00:09" }""" : null,
        };
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(command, default)); // it does not have the task
        await AdvanceAsync(one, other);

        var status = (await Commands(one).FindAsync(command.Id))!;
        Assert.Equal((TaskCommandState.Completed, $"{text} (2 hosts)"), (status.State, status.Text));
        Assert.All(status.Results, result => Assert.False(result.IsExecuted));

        static void RegisterKeyed(IServiceCollection services) =>
            services.AddRecurringTask<OfDevice, int>("devices").Every(1.Minutes);
    }

    [Theory]
    [InlineData("""{ "Lock": { "Name": "\ud800" } }""", "Lock:Name has half of a character")]
    [InlineData("""{ "\ud800": "x" }""", "a name has half of a character")]
    public async Task Half_a_character_in_a_change_is_refused_where_it_is_sent(string options, string text)
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Commands(host).SendAsync(Change(options)));
        Assert.Contains("The change of task 'poll' cannot be used: the options are not valid JSON: ", error.Message,
            StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_change_is_refused_where_it_is_sent()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        (TaskCommand Command, string Text)[] cases =
        [
            (Change("""{ "Evry": "00:00:10" }"""), "Evry"),
            (Change("[1]"), "no JSON object"),
            (Change("{ "), "not valid JSON"),
            (Change($"{{ \"Lock\": \"{(char)0xD800}\" }}"), "have half of a character"),
            (Change("""{ "Every": "soon" }"""), "Every 'soon' is not a duration"),
            (Change($"{{ \"Cron\": \"{new string('x', 5000)}\" }}"), "at most 4,000 are stored"),
            (Change("{}") with { Kind = TaskCommandKind.Pause }, "Options are those of a change"),
        ];
        foreach (var (command, text) in cases)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => Commands(host).SendAsync(command));
            Assert.Contains(text, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_task_that_survives_restarts_catches_up_by_its_changed_schedule()
    {
        await using var hosts = new StoredHosts();
        static void register(IServiceCollection services) => services
            .AddRecurringTask("poll", (Iteration _, CancellationToken _) => ValueTask.CompletedTask)
            .Every(1.Minutes).OnMissed(MissedSlots.RunAll).SurviveRestarts(1.Hours);
        var host = await hosts.StartAsync(register);
        await Commands(host).SendAsync(Change("""{ "Every": "00:05:00" }"""));
        await host.AdvanceAsync(11.Minutes);
        hosts.Kill();
        var next = await hosts.StartAsync(register, host.Now + 10.Minutes);
        await next.AdvanceAsync(1.Seconds);

        Assert.Equal(
            ["00:05 Succeeded", "00:10 Succeeded", "00:15 Succeeded", "00:20 Succeeded"],
            hosts.History("poll").Where(line => !line.StartsWith("00:01", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_task_that_is_added_again_at_run_time_has_its_pause_its_counts_and_its_change()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => services.AddRecurringTasks());
        await AddAsync(host);
        await host.AdvanceAsync(3.Minutes);
        await Commands(host).SendAsync(Change("""{ "Every": "00:00:30" }"""));
        await host["poll"].PauseAsync("release", "Ann");
        await host.AdvanceAsync(TimeSpan.Zero);
        Assert.True(host.Tasks.Remove("poll"));
        await AddAsync(host); // on the same host
        AssertRestored(host);
        hosts.Kill();
        var next = await hosts.StartAsync(services => services.AddRecurringTasks(), host.Now + 1.Hours);
        await AddAsync(next); // and on another
        AssertRestored(next);

        static async Task AddAsync(VirtualHost host)
        {
            host.Tasks.Add("poll", task => task.Step("step", _ => ValueTask.CompletedTask).Every(1.Minutes));
            await host.AdvanceAsync(2.Seconds);
        }

        static void AssertRestored(VirtualHost host)
        {
            var snapshot = host["poll"].Snapshot();
            Assert.Equal(("Ann", 4L, 30.Seconds), (snapshot.Pause?.By, snapshot.Succeeded, host["poll"].Options.Every));
        }
    }

    private static async Task AdvanceAsync(params VirtualHost[] hosts)
    {
        foreach (var host in hosts)
            await host.AdvanceAsync(6.Seconds);
    }

    private static void Register(IServiceCollection services) => services
        .AddRecurringTask("poll", (Iteration _, CancellationToken _) => ValueTask.CompletedTask).Every(1.Minutes);

    private static TaskCommand Change(string options) =>
        new() { TaskName = "poll", Kind = TaskCommandKind.Change, Options = options };

    private static IRecurringTaskCommands Commands(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskCommands>();

    private sealed class OfDevice : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
