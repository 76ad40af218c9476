using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

/// <summary>
/// A schedule begins when the application has started and what is stored has been loaded. Two threads may notice that at once.
/// </summary>
public class BeginningTests
{
    private readonly KeyScript _script = new();

    [Fact]
    public async Task A_schedule_that_begins_while_its_load_is_announced_goes_on_after_its_last_stored_slot()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(AddReport);
        await host.AdvanceAsync(2.Minutes);
        hosts.Kill();

        var begins = 0;
        var next = await hosts.StartAsync(
            services =>
            {
                AddReport(services);
                AddInterrupted(services, (isTaken, tasks) =>
                {
                    if (!isTaken && begins++ == 0)
                        tasks.Begin();
                });
            },
            host.Now + 3.Minutes);
        await next.AdvanceAsync(1.Minutes);

        Assert.Equal(["report 00:01", "report 00:02", "report 00:05", "report 00:06"], _script.Runs);
        Assert.Equal("00:03–00:04 Skipped HostDown ×2", hosts.History("report")[2]);
    }

    [Fact]
    public async Task Schedules_of_keys_begin_when_the_pause_of_their_task_has_been_restored()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(AddDevices);
        await host["device"].PauseAsync("release");
        hosts.Kill();

        var areHeld = new List<bool>();
        var next = await hosts.StartAsync(services =>
        {
            AddDevices(services);
            AddInterrupted(services, (isTaken, tasks) =>
            {
                if (!isTaken)
                    return;
                tasks.Begin();
                areHeld.Add(tasks.FindEntered("device")!.IsHeld);
            });
        });

        Assert.Equal([true], areHeld);
        Assert.Equal(RecurringTaskState.Paused, next["device"].State);
    }

    [Fact]
    public async Task A_key_waits_for_its_state_until_that_has_been_applied()
    {
        await using var hosts = new StoredHosts();
        var host = await hosts.StartAsync(AddDevices);
        Keys(host).TryAdd("a");
        await host.AdvanceAsync(1.Minutes);
        hosts.Kill();

        var areWaiting = new List<bool>();
        var next = await hosts.StartAsync(services =>
        {
            AddDevices(services);
            InterruptedStore.AddTo(services, (call, isTaken, store, _) =>
            {
                if (call is nameof(ILoopStore.RestoreKey) && isTaken)
                    areWaiting.Add(store.HasKeys("device"));
            });
        });
        Keys(next).TryAdd("a");

        Assert.Equal([true], areWaiting);
    }

    private static void AddInterrupted(IServiceCollection services, Action<bool, RecurringTasks> interrupt) =>
        InterruptedStore.AddTo(services, (call, isTaken, _, tasks) =>
        {
            if (call is nameof(ILoopStore.TakeLoaded))
                interrupt(isTaken, tasks);
        });

    private static IRecurringTaskKeys<ScriptedKey<string>, string> Keys(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<ScriptedKey<string>, string>>();

    private void AddReport(IServiceCollection services) =>
        services.AddRecurringTask("report", (iteration, token) => _script.RunAsync("report", iteration, token))
            .Every(1.Minutes).SurviveRestarts(1.Hours);

    private void AddDevices(IServiceCollection services) => services.AddSingleton(_script)
        .AddRecurringTask<ScriptedKey<string>, string>("device").Every(1.Minutes).SurviveRestarts(1.Hours);
}
