using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class ResumeTests
{
    [Fact]
    public async Task A_resumption_says_who_and_why_in_the_logs_and_reaches_all_hosts()
    {
        await using var hosts = new StoredHosts();
        var (one, other) = (await hosts.StartAsync(Register), await hosts.StartAsync(Register));
        await one["poll"].PauseAsync("release", "Ann");
        await AdvanceAsync();
        await one["poll"].ResumeAsync("released", "Bob");
        await AdvanceAsync();

        Assert.Equal((RecurringTaskState.Waiting, RecurringTaskState.Waiting), (one["poll"].State, other["poll"].State));
        var resumed = (await Commands(one).QueryAsync(new() { TaskName = "poll" })).Commands[0];
        Assert.Equal(
            (TaskCommandKind.Resume, "Bob", "released", "resumed (2 hosts)"),
            (resumed.Command.Kind, resumed.Command.By, resumed.Command.Reason, resumed.Text));

        async Task AdvanceAsync()
        {
            await one.AdvanceAsync(6.Seconds);
            await other.AdvanceAsync(6.Seconds);
        }
    }

    [Fact]
    public async Task The_log_says_why_a_task_is_resumed()
    {
        var logs = new RecordingLoggerProvider();
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Logging.AddProvider(logs);
            Register(builder.Services);
        });
        await host["poll"].PauseAsync();
        await host["poll"].ResumeAsync("released", "Bob");
        host["poll"].Pause();
        host["poll"].Resume();
        host["poll"].Resume(); // not paused: does nothing
        await host["poll"].PauseAsync(until: host.Now + 1.Minutes);
        await host.AdvanceAsync(2.Minutes);
        await host["poll"].PauseAsync();
        await Commands(host).SendAsync(new() { TaskName = "poll", Kind = TaskCommandKind.Resume, Reason = "by command" });

        Assert.Equal(
            [
                "'poll' is resumed: released", "'poll' is resumed: Resumed by hand.",
                "'poll' is resumed: The time of the pause has passed.", "'poll' is resumed: by command",
            ],
            logs.Lines.Select(line => line.Text).Where(text => text.Contains("resumed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_handles_of_a_keyed_task_and_of_a_key_say_who_resumed_them()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(services => services.AddRecurringTask<OfDevice, int>("devices").Every(1.Minutes));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<OfDevice, int>>();
        keys.TryAdd(7);
        await host.AdvanceAsync(1.Seconds);
        var (all, key) = (host["devices"], keys.Find(7)!);
        await key.PauseAsync("broken", "Ann");
        await all.PauseAsync("release", "Ann");
        await all.ResumeAsync("released", "Bob");
        await key.ResumeAsync("repaired", "Eve");
        await key.ResumeAsync("again", "Eve"); // not paused: does nothing
        await host.AdvanceAsync(6.Seconds);

        Assert.Equal(
            ["7 Resume repaired Eve", " Resume released Bob", " Pause release Ann", "7 Pause broken Ann"],
            (await Commands(host).QueryAsync(new() { TaskName = "devices" })).Commands.Select(status => status.Command)
                .Select(command => $"{command.Key} {command.Kind} {command.Reason} {command.By}"));
        Assert.Equal(RecurringTaskState.Waiting, key.State);
    }

    private static void Register(IServiceCollection services) => services
        .AddRecurringTask("poll", (Iteration _, CancellationToken _) => ValueTask.CompletedTask).Every(1.Minutes);

    private static IRecurringTaskCommands Commands(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskCommands>();

    private sealed class OfDevice : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
