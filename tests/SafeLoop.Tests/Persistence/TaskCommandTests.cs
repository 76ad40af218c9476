using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class TaskCommandTests
{
    private readonly List<string> _runs = [];
    private TimeSpan _hold;

    [Fact]
    public async Task A_pause_and_a_resumption_are_executed_by_all_hosts_and_have_a_result_for_each()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await StartAsync(hosts), await StartAsync(hosts));

        var pause = Command(TaskCommandKind.Pause) with { Reason = "release", By = "Ann", Until = one.Now + 1.Hours };
        await Commands(one).SendAsync(pause);
        await AdvanceAsync(6.Seconds, one, other);

        foreach (var host in (VirtualHost[])[one, other])
            Assert.Equal(("release", "Ann", pause.Until), PauseOf(host));
        Assert.Equal("paused (2 hosts)", await TextAsync(other, pause));
        var resume = Command(TaskCommandKind.Resume);
        await Commands(other).SendAsync(resume);
        await AdvanceAsync(6.Seconds, one, other);
        Assert.All((VirtualHost[])[one, other], host => Assert.Equal(RecurringTaskState.Waiting, host["poll"].State));
        Assert.Equal("resumed (2 hosts)", await TextAsync(one, resume));
    }

    [Fact]
    public async Task The_host_that_sends_a_command_executes_it_at_once()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);

        await Commands(host).SendAsync(Command(TaskCommandKind.Pause));
        await host.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal(RecurringTaskState.Paused, host["poll"].State);
    }

    [Fact]
    public async Task A_run_is_executed_by_one_of_three_hosts_and_its_outcome_is_the_result()
    {
        await using var hosts = new StoredHosts();
        VirtualHost[] all = [await StartAsync(hosts), await StartAsync(hosts), await StartAsync(hosts)];
        await all[0]["poll"].PauseAsync();
        await AdvanceAsync(6.Seconds, all);
        var (before, run) = (_runs.Count, Command(TaskCommandKind.RunNow));
        await Commands(all[1]).SendAsync(run);
        await Commands(all[1]).SendAsync(run); // again, because the answer may have been lost
        await AdvanceAsync(10.Seconds, all);

        Assert.Equal(before + 1, _runs.Count);
        var status = (await Commands(all[2]).FindAsync(run.Id))!;
        Assert.Equal((TaskCommandState.Completed, "Succeeded"), (status.State, status.Text));
        Assert.Equal(status.TakenBy, Assert.Single(status.Results).Instance);
        Assert.Equal(1, all.Sum(host => host["poll"].History.Count(record => record.IsManual)));
    }

    [Fact]
    public async Task Stop_and_start_are_executed_by_all_hosts()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await StartAsync(hosts), await StartAsync(hosts));

        await Commands(one).SendAsync(Command(TaskCommandKind.Stop));
        await AdvanceAsync(6.Seconds, one, other);
        Assert.All((VirtualHost[])[one, other], host => Assert.Equal(RecurringTaskState.Ended, host["poll"].State));

        await Commands(one).SendAsync(Command(TaskCommandKind.Start));
        await AdvanceAsync(6.Seconds, one, other);
        Assert.All((VirtualHost[])[one, other], host => Assert.Equal(RecurringTaskState.Waiting, host["poll"].State));
    }

    [Fact]
    public async Task The_result_of_a_run_that_is_skipped_says_why()
    {
        await using var hosts = new StoredHosts();
        _hold = 10.Seconds;
        var host = await StartAsync(hosts);
        var run = Command(TaskCommandKind.RunNow);
        await Commands(host).SendAsync(run);
        await host.AdvanceAsync(1.Seconds);

        Assert.Equal("Skipped (PreviousRunning)", await TextAsync(host, run));
    }

    [Fact]
    public async Task A_run_that_no_host_takes_in_time_expires()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        var run = Command(TaskCommandKind.RunNow);
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(run, default));
        hosts.Kill();
        await host.AdvanceAsync(2.Minutes); // the time of the database
        var next = await StartAsync(hosts);
        await next.AdvanceAsync(30.Seconds);

        Assert.Equal((TaskCommandState.Expired, "expired"), await StateAsync(next, run));
        Assert.DoesNotContain(next["poll"].History, record => record.IsManual);
    }

    [Fact]
    public async Task A_task_that_was_removed_from_all_hosts_is_reported()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        hosts.Kill();
        var next = await hosts.StartAsync(services => Register(services, "other"), host.Now + 1.Minutes);

        foreach (var kind in (TaskCommandKind[])[TaskCommandKind.RunNow, TaskCommandKind.Pause])
        {
            var command = Command(kind);
            await Commands(next).SendAsync(command);
            await next.AdvanceAsync(2.Minutes);
            Assert.Equal((TaskCommandState.Expired, "no such task on any host"), await StateAsync(next, command));
        }
    }

    [Fact]
    public async Task A_run_whose_host_is_killed_is_not_repeated_and_its_result_says_so()
    {
        await using var hosts = new StoredHosts();
        var one = await StartAsync(hosts);
        var run = await BeginLongRunAsync(one);
        Assert.Equal(TaskCommandState.Running, (await Commands(one).FindAsync(run.Id))!.State);
        hosts.Kill();
        var other = await hosts.StartAsync(services => Register(services, "poll"), one.Now + 1.Seconds);
        await other.AdvanceAsync(5.Minutes);

        Assert.Equal((TaskCommandState.Completed, "Interrupted (HostLost)"), await StateAsync(other, run));
        Assert.DoesNotContain(other["poll"].History, record => record.IsManual);
    }

    [Fact]
    public async Task A_run_that_a_graceful_stop_interrupts_has_its_result()
    {
        await using var hosts = new StoredHosts();
        var one = await StartAsync(hosts);
        var run = await BeginLongRunAsync(one);
        await one.StopAsync();
        var other = await hosts.StartAsync(services => Register(services, "poll"));

        Assert.Equal("Interrupted (HostStopping)", await TextAsync(other, run));
    }

    [Fact]
    public async Task While_the_store_is_down_a_command_is_refused_and_can_be_sent_again()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = call => isDown && call.IsExecuted ? StoreCut.Fail : StoreCut.None; // the answers are lost
        var host = await StartAsync(hosts);
        isDown = true;
        var (before, run) = (_runs.Count, Command(TaskCommandKind.RunNow));
        await Assert.ThrowsAsync<StoreDownException>(() => Commands(host).SendAsync(run));
        isDown = false;

        await Commands(host).SendAsync(run);
        await host.AdvanceAsync(10.Seconds);

        Assert.Equal("Succeeded", await TextAsync(host, run));
        Assert.Equal(before + 1, _runs.Count);
    }

    [Fact]
    public async Task A_result_that_the_store_did_not_take_is_sent_again()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = call => isDown && call.Method == "CompleteCommand" ? StoreCut.Fail : StoreCut.None;
        var host = await StartAsync(hosts);
        isDown = true;
        var run = Command(TaskCommandKind.RunNow);
        await Commands(host).SendAsync(run);
        await host.AdvanceAsync(10.Seconds);
        Assert.Equal(TaskCommandState.Running, (await Commands(host).FindAsync(run.Id))!.State);
        isDown = false;
        await host.AdvanceAsync(40.Seconds);

        Assert.Equal("Succeeded", await TextAsync(host, run));
    }

    [Fact]
    public async Task The_token_of_the_sender_does_not_reach_the_step()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        using var request = new CancellationTokenSource();
        var run = await BeginLongRunAsync(host, request.Token);
        await request.CancelAsync();
        await host.AdvanceAsync(11.Seconds);

        Assert.Equal("Succeeded", await TextAsync(host, run));
    }

    [Fact]
    public async Task A_pause_by_a_handle_is_in_the_log_too()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host["poll"].PauseAsync("release", "Ann");
        await host.AdvanceAsync(1.Seconds);
        var page = await Commands(host).QueryAsync(new() { TaskName = "poll" });

        var status = Assert.Single(page.Commands);
        Assert.Equal(("Ann", "release", "paused"), (status.Command.By, status.Command.Reason, status.Text));
        Assert.Null(page.Cursor);
    }

    [Fact]
    public async Task A_command_given_while_a_host_has_loaded_its_tasks_and_sends_no_heartbeat_yet_is_executed()
    {
        await using var hosts = new StoredHosts();
        var one = await StartAsync(hosts);
        var isCut = true;
        hosts.Database.Cut = call =>
            isCut && call.Method == "Beat" && call.Store == hosts.StoreOfLast ? StoreCut.Fail : StoreCut.None;
        var other = await StartAsync(hosts);
        await AdvanceAsync(2.Seconds, one, other);

        await Commands(one).SendAsync(Command(TaskCommandKind.Pause));
        await AdvanceAsync(6.Seconds, one, other);
        isCut = false;
        await AdvanceAsync(1.Minutes, one, other);

        Assert.All((VirtualHost[])[one, other], host => Assert.Equal(RecurringTaskState.Paused, host["poll"].State));
    }

    [Fact]
    public async Task A_pause_that_the_store_does_not_get_before_the_host_stops_says_so()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        hosts.Database.Cut = _ => StoreCut.Fail;

        var pausing = host["poll"].PauseAsync("release");
        await host.DisposeAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => pausing);
        Assert.Equal(
            "Pause of task 'poll' was not stored and reached no other host, because this host has stopped. Repeat it on a host "
            + "that is running.",
            error.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host["poll"].PauseAsync());
    }

    [Fact]
    public async Task A_pause_that_is_dropped_while_the_store_is_down_says_so()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        hosts.Database.Cut = _ => StoreCut.Fail;

        var pausing = host["poll"].PauseAsync("release");
        for (var n = 0; n < 1_000; n++)
            host["poll"].Pause();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => pausing);
        Assert.Equal(
            "Pause of task 'poll' was not stored and reached no other host, because the store is down and 1,000 later commands "
            + "wait. Repeat it when the store is back.",
            error.Message);
    }

    private async Task<VirtualHost> StartAsync(StoredHosts hosts, DateTimeOffset? at = null) =>
        await hosts.StartAsync(services => Register(services, "poll"), at);

    private IRecurringTaskBuilder Register(IServiceCollection services, string name) => services
        .AddRecurringTask(name, async (Iteration iteration, CancellationToken token) =>
        {
            _runs.Add($"{iteration.Slot:HH:mm:ss}");
            await Task.Delay(_hold, iteration.Services.GetRequiredService<TimeProvider>(), token);
        })
        .Every(1.Minutes);

    // A run by a command that goes on for ten seconds.
    private async Task<TaskCommand> BeginLongRunAsync(VirtualHost host, CancellationToken cancellationToken = default)
    {
        _hold = 10.Seconds;
        var run = Command(TaskCommandKind.RunNow);
        await Commands(host).SendAsync(run, cancellationToken);
        await host.AdvanceAsync(TimeSpan.Zero);
        return run;
    }

    private static TaskCommand Command(TaskCommandKind kind) => new() { TaskName = "poll", Kind = kind };

    private static IRecurringTaskCommands Commands(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskCommands>();

    private static (string?, string?, DateTimeOffset?) PauseOf(VirtualHost host)
    {
        var pause = host["poll"].Snapshot().Pause;
        return (pause?.Reason, pause?.By, pause?.Until);
    }

    private static async Task<string?> TextAsync(VirtualHost host, TaskCommand command) =>
        (await Commands(host).FindAsync(command.Id))?.Text;

    private static async Task<(TaskCommandState, string)> StateAsync(VirtualHost host, TaskCommand command)
    {
        var status = (await Commands(host).FindAsync(command.Id))!;
        return (status.State, status.Text);
    }

    private static async Task AdvanceAsync(TimeSpan time, params VirtualHost[] hosts)
    {
        foreach (var host in hosts)
            await host.AdvanceAsync(time);
    }
}
