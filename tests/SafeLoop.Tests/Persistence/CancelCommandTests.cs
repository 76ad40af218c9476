using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

/// <summary>A command that cancels what is running ends the iterations, and the loop goes on.</summary>
public sealed class CancelCommandTests
{
    [Fact]
    public async Task All_hosts_cancel_what_they_run_of_the_task()
    {
        await using var hosts = new StoredHosts();
        VirtualHost[] all = [await hosts.StartAsync(RegisterLong), await hosts.StartAsync(RegisterLong)];
        await AdvanceAsync(all, 30.Seconds);
        Assert.All(all, host => Assert.Equal(RecurringTaskState.Running, host["poll"].State));

        var cancel = new TaskCommand { TaskName = "poll", Kind = TaskCommandKind.Cancel };
        await SendAsync(all[0], cancel);
        await AdvanceAsync(all, 6.Seconds);

        Assert.All(all, host => Assert.Equal(RecurringTaskState.Waiting, host["poll"].State));
        Assert.All(all, host => Assert.Equal(IterationOutcome.Interrupted, host["poll"].History[^1].Outcome));
        Assert.All(all, host => Assert.Equal(OutcomeReason.Cancelled, host["poll"].History[^1].Reason));
        Assert.Equal("cancelled (2 hosts)", await TextAsync(all[1], cancel));
        await AdvanceAsync(all, 60.Seconds);
        Assert.All(all, host => Assert.Equal(RecurringTaskState.Running, host["poll"].State));
    }

    [Fact]
    public async Task A_host_that_reads_it_too_late_cancels_nothing()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(RegisterLong);
        await host.AdvanceAsync(30.Seconds);
        var cancel = new TaskCommand { TaskName = "poll", Kind = TaskCommandKind.Cancel, ExpiresAfter = 1.Seconds };
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(cancel, default));

        await host.AdvanceAsync(6.Seconds);

        Assert.Equal(RecurringTaskState.Running, host["poll"].State);
        Assert.Equal("too late", await TextAsync(host, cancel));
    }

    [Fact]
    public async Task Of_a_keyed_task_one_key_or_all_are_cancelled()
    {
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(new KeyScript { Blocked = { "1", "2", "3" } });
            builder.Services.AddRecurringTask<ScriptedKey<int>, int>("devices").Every(1.Minutes);
        });
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<int>, int>>();
        for (var key = 1; key <= 3; key++)
            keys.TryAdd(key);
        await host.AdvanceAsync(1.Minutes);

        var one = new TaskCommand { TaskName = "devices", Key = "2", Kind = TaskCommandKind.Cancel };
        await SendAsync(host, one);
        await host.AdvanceAsync(TimeSpan.Zero);
        Assert.Equal(2, host["devices"].Snapshot().Running);
        var all = new TaskCommand { TaskName = "devices", Kind = TaskCommandKind.Cancel };
        await SendAsync(host, all);
        await host.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal(0, host["devices"].Snapshot().Running);
        Assert.Equal(3, host.Outcomes("devices").Count(outcome => outcome is IterationOutcome.Interrupted));
        Assert.Equal(0, host["devices"].CancelRunning());
        var late = all with { Id = Guid.NewGuid() };
        await SendAsync(host, late);
        Assert.Equal("nothing was running", await TextAsync(host, late));
    }

    private static void RegisterLong(IServiceCollection services) => services
        .AddRecurringTask("poll", async (Iteration iteration, CancellationToken token) =>
            await Task.Delay(50.Seconds, iteration.Services.GetRequiredService<TimeProvider>(), token))
        .Every(1.Minutes);

    private static Task SendAsync(VirtualHost host, TaskCommand command) =>
        host.Services.GetRequiredService<IRecurringTaskCommands>().SendAsync(command);

    private static async Task<string?> TextAsync(VirtualHost host, TaskCommand command) =>
        (await host.Services.GetRequiredService<IRecurringTaskCommands>().FindAsync(command.Id))?.Text;

    private static async Task AdvanceAsync(VirtualHost[] hosts, TimeSpan time)
    {
        foreach (var host in hosts)
            await host.AdvanceAsync(time);
    }
}
