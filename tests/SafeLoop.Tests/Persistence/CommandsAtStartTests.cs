using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Tests.Persistence;

/// <summary>Commands that are sent when a host has loaded its tasks and not sent its first heartbeat.</summary>
public class CommandsAtStartTests
{
    [Theory]
    [InlineData(TaskCommandKind.Pause)]
    [InlineData(TaskCommandKind.Change)]
    public async Task A_command_between_the_load_and_the_first_heartbeat_is_executed(TaskCommandKind kind)
    {
        await using var hosts = new StoredHosts();
        var fails = true;
        hosts.Database.Cut = call =>
            fails && call is { Method: "Beat", IsExecuted: false } ? StoreCut.Fail : StoreCut.None;
        var host = await hosts.StartAsync(Register);
        var options = kind is TaskCommandKind.Change ? """{ "Every": "00:00:10" }""" : null;
        await hosts.OperatorAsync(async store => await store.AddCommandAsync(
            new() { Id = Guid.NewGuid(), TaskName = "poll", Kind = kind, Options = options }, default));
        await host.AdvanceAsync(500.Milliseconds);
        fails = false;
        await host.AdvanceAsync(5.Seconds);

        Assert.Equal(
            kind is TaskCommandKind.Pause ? (RecurringTaskState.Paused, 1.Minutes) : (RecurringTaskState.Waiting, 10.Seconds),
            (host["poll"].State, host["poll"].Options.Every));
    }

    [Fact]
    public async Task Commands_from_before_the_load_are_not_executed_again()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(Register);
        await host["poll"].PauseAsync("release");
        host["poll"].Resume();
        await host.AdvanceAsync(1.Seconds);
        hosts.Kill();

        var observer = new RecordingObserver();
        var next = await hosts.StartAsync(services =>
        {
            Register(services);
            services.AddSingleton<IRecurringTaskObserver>(observer);
        });
        await next.AdvanceAsync(10.Seconds);

        Assert.DoesNotContain(observer.Events, e => e.Kind is LoopEventKind.Paused);
    }

    private static void Register(IServiceCollection services) =>
        services.AddRecurringTask("poll", static (_, _) => ValueTask.CompletedTask).Every(1.Minutes);
}
