using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Hosting;

public sealed class ReloadTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly LoopHost _host = LoopHost.Run(
        services =>
        {
            services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(Second * 10);
            services.AddRecurringTask("other", (_, _) => ValueTask.CompletedTask).Every(Second * 60);
            services.AddHealthChecks().AddRecurringTasks();
        },
        settings: new Dictionary<string, string?> { ["RecurringTasks:task:Every"] = "00:00:05" });

    [Fact]
    public void A_changed_schedule_takes_effect_at_once_and_keeps_the_history()
    {
        _host.Advance(Second * 7);                                   // 0, 5
        Reload("Every", "00:00:03");                                 // 5 + 3
        _host.Advance(Second * 5);                                   // 8, 11

        Assert.Equal([0, 5, 8, 11], SecondsOf("task"));
        Assert.Equal([1, 2, 3, 4], _host["task"].History.Select(record => record.Number));
        Assert.Equal(2, _host.Observer.Of(LoopEventKind.LoopStarted).Count); // one for each task: no second loop
    }

    [Fact]
    public void A_longer_period_takes_effect_at_once_too()
    {
        Reload("Every", "00:00:20");
        _host.Advance(Second * 20);

        Assert.Equal([0, 20], SecondsOf("task"));
    }

    [Fact]
    public void A_task_can_be_disabled_and_enabled()
    {
        Reload("Enabled", "false");
        _host.Advance(Second * 10);
        Assert.Equal(RecurringTaskState.Disabled, _host["task"].State);
        Reload("Enabled", "true");
        _host.Advance(Second * 5);

        Assert.Equal(["1 Succeeded None", "2 Skipped Disabled", "1 Succeeded None"],
            _host["task"].History.Select(record => $"{record.Count} {record.Outcome} {record.Reason}"));
    }

    [Fact]
    public void A_changed_limit_takes_effect_without_moving_the_slots()
    {
        _host.Advance(Second * 7);
        Reload("Timeout", "00:00:01");
        Reload("HistoryLength", "2");
        _host.Advance(Second * 8);

        Assert.Equal(Second, _host["task"].Options.Timeout);
        Assert.Equal([0, 5, 10, 15], SecondsOf("task"));
        Assert.Equal(2, _host["task"].History.Count);
    }

    [Fact]
    public void A_section_that_matches_no_task_is_reported_once_when_it_appears()
    {
        _host.Configuration["RecurringTasks:othr:Every"] = "00:00:01";
        Reload("Every", "00:00:03");
        Reload("Every", "00:00:04");

        Assert.Equal("Configuration section RecurringTasks:othr matches no recurring task and is ignored, did you mean 'other'?",
            Assert.Single(_host.Logs.Lines, line => line.Id == 41).Text);
    }

    [Fact]
    public void A_task_whose_settings_did_not_change_does_not_notice()
    {
        Reload("Every", "00:00:03");
        Reload("Every", "00:00:03");

        Assert.Equal(["task"], _host.Observer.Of(LoopEventKind.Changed).Select(e => e.TaskName));
    }

    [Fact]
    public void What_was_changed_by_hand_survives_a_reload_of_something_else()
    {
        _ = _host["task"].ChangeAsync(options => options.Every = Second);
        _host.Settle();
        Reload("Every", "00:00:30", "other");

        Assert.Equal(Second, _host["task"].Options.Every);
    }

    [Fact]
    public void Invalid_configuration_leaves_the_old_one_in_force_and_says_so()
    {
        Reload("Every", "2");
        _host.Advance(Second * 5);

        Assert.Equal([0, 5], SecondsOf("task"));
        const string Sentence =
            "Recurring task 'task': RecurringTasks:task:Every '2' is not a duration such as 00:00:02.500 or 1.12:00:00.";
        var line = Assert.Single(_host.Logs.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal((23, LogLevel.Error, $"New options of 'task' were rejected, the old ones stay in force: {Sentence}"),
            (line.Id, line.Level, line.Text));
        Assert.Equal(Sentence, _host["task"].Snapshot().RejectedChange);
        Assert.Equal((HealthStatus.Degraded, $"'task' runs with its old options, the new ones were rejected: {Sentence}"),
            Health());
    }

    [Theory]
    [InlineData("00:00:05")] // as it was
    [InlineData("00:00:02")] // another
    public void Configuration_that_is_valid_again_heals(string every)
    {
        Reload("Every", "2");
        Reload("Every", every);

        Assert.Null(_host["task"].Snapshot().RejectedChange);
        Assert.Equal((HealthStatus.Healthy, null), Health());
        Assert.Equal(TimeSpan.Parse(every), _host["task"].Options.Every);
    }

    [Fact]
    public void Configuration_that_cannot_be_read_is_rejected_even_if_all_else_is_as_it_was()
    {
        Reload("Timout", "00:00:02");

        Assert.Contains("did you mean 'Timeout'", _host["task"].Snapshot().RejectedChange, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configure_delegate_that_throws_at_reload_is_rejected_too()
    {
        var broken = false;
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask)
            .Every(Second)
            .Configure(_ => { if (broken) throw new InvalidOperationException("on purpose"); }));
        broken = true;
        host.Configuration.Reload();
        host.Advance(Second);

        Assert.Equal(
            "Recurring task 'task': its configuration threw InvalidOperationException: on purpose.",
            host["task"].Snapshot().RejectedChange);
        Assert.Equal(2, host.Records().Count);
    }

    [Fact]
    public void A_task_added_at_run_time_reads_its_configuration_and_every_reload()
    {
        _host.Configuration["RecurringTasks:added:Timeout"] = "00:00:07";
        var added = _host.Tasks.Add("added", task => task.Step("step", (_, _) => ValueTask.CompletedTask).Every(Second));
        Assert.Equal(Second * 7, added.Options.Timeout);

        Reload("Timeout", "00:00:08", "added");
        Assert.Equal(Second * 8, added.Options.Timeout);
    }

    [Theory]
    [InlineData("the options are read")]
    [InlineData("a warning is logged")]
    public void A_change_while_the_host_starts_takes_effect(string when)
    {
        LoopHost? starting = null;
        void Change(string now)
        {
            if (starting is not { } host || now != when)
                return;
            starting = null;
            host.Configuration["RecurringTasks:b:Every"] = "00:00:30";
            host.Configuration.Reload();
        }
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("b", (_, _) => ValueTask.CompletedTask).Every(Second * 10).WithTimeout(Second * 20);
            services.AddRecurringTask("c", (_, _) => ValueTask.CompletedTask).Every(Second * 60)
                .Configure(_ => Change("the options are read"));
        });
        starting = host;
        host.Logs.Written += line => Change(line.Id == 41 ? "a warning is logged" : "");
        host.StartHost();
        host.Advance(Second * 30);

        Assert.Equal(Second * 30, host["b"].Options.Every);
        Assert.Equal([0, 30], host.Records("b").Select(record => (int)(record.Slot - LoopHost.Start).TotalSeconds));
    }

    [Fact]
    public void A_change_while_a_change_of_the_start_takes_effect_is_not_lost()
    {
        LoopHost? starting = null;
        var reads = 0;
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("b", (_, _) => ValueTask.CompletedTask).Every(Second * 10);
            services.AddRecurringTask("c", (_, _) => ValueTask.CompletedTask).Every(Second * 60).Configure(_ =>
            {
                if (starting is null || ++reads > 2)
                    return;
                starting.Configuration["RecurringTasks:b:Every"] = $"00:00:{30 + reads}";
                starting.Configuration.Reload();
            });
        });
        starting = host;
        host.StartHost();

        Assert.Equal(Second * 32, host["b"].Options.Every);
        Reload(host, "b", "00:00:40");
        Assert.Equal(Second * 40, host["b"].Options.Every);
    }

    [Theory]
    [InlineData("00:00:30", false)]
    [InlineData("soon", true)]
    public void A_change_while_a_task_is_added_takes_effect(string every, bool isRejected)
    {
        LoopHost? adding = null;
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTasks();
            services.PostConfigure<RecurringTaskOptions>("added", _ => // after the configuration was read
            {
                if (adding is null)
                    return;
                var change = adding;
                adding = null;
                Reload(change, "added", every);
            });
        });
        adding = host;
        var added = host.Tasks.Add("added", task => task.Step("step", (_, _) => ValueTask.CompletedTask).Every(Second * 10));

        Assert.Equal(Second * (isRejected ? 10 : 30), added.Options.Every);
        Assert.Equal(isRejected, added.Snapshot().RejectedChange is not null);
    }

    [Fact]
    public void A_change_that_is_wrong_while_the_host_starts_is_rejected()
    {
        LoopHost? starting = null;
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("b", (_, _) => ValueTask.CompletedTask).Every(Second * 10);
            services.AddRecurringTask("c", (_, _) => ValueTask.CompletedTask).Every(Second * 60).Configure(_ =>
            {
                if (starting is null)
                    return;
                starting.Configuration["RecurringTasks:b:Every"] = "soon";
                starting.Configuration.Reload();
                starting = null;
            });
        });
        starting = host;
        host.StartHost();

        Assert.Contains("'soon'", host["b"].Snapshot().RejectedChange, StringComparison.Ordinal);
        Assert.Equal(Second * 10, host["b"].Options.Every);
    }

    [Fact]
    public void After_the_host_has_stopped_a_reload_changes_nothing()
    {
        _host.Wait(_host.StopHost());
        Reload("Every", "00:00:03");

        Assert.Equal(Second * 5, _host["task"].Options.Every);
    }

    public void Dispose() => _host.Dispose();

    private void Reload(string setting, string? value, string task = "task")
    {
        _host.Configuration[$"RecurringTasks:{task}:{setting}"] = value;
        _host.Configuration.Reload();
        _host.Settle();
    }

    private static void Reload(LoopHost host, string task, string every)
    {
        host.Configuration[$"RecurringTasks:{task}:Every"] = every;
        host.Configuration.Reload();
    }

    private (HealthStatus, string?) Health()
    {
        var entry = Assert.Single(
            _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().GetAwaiter().GetResult().Entries);
        return (entry.Value.Status, entry.Value.Description);
    }

    private IEnumerable<int> SecondsOf(string task) =>
        _host.Records(task).Select(record => (int)(record.Slot - LoopHost.Start).TotalSeconds);
}
