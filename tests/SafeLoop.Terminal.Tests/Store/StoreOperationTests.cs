using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Terminal.Tests.Store;

public sealed class StoreOperationTests : IAsyncLifetime
{
    private readonly StoredHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_command_waits_in_the_store_for_a_host_and_is_followed_to_its_result()
    {
        await using var services = _host.CreateServices();
        var store = services.GetRequiredService<IRecurringTaskStore>();
        var host = new StoreInstance { Id = Guid.NewGuid(), Application = StoredHost.Application, Host = "web-1", ProcessId = 7 };
        await store.ConnectAsync(host, default);

        var running = StoredHost.RunAsync(
            ["run", "nightly", "--reason", "The report was empty.", "--by", "ann", "--store", _host.ConnectionString],
            TimeProvider.System);
        var command = await FirstAsync(store);
        Assert.True(await store.TryTakeCommandAsync(command.Id, host.Id, default));
        await store.CompleteCommandAsync(
            command.Id, new() { Instance = host.Id, IsExecuted = true, Text = "Skipped (LockHeld)" }, default);
        var ran = await running;

        Assert.Equal(("ann", "The report was empty."), (command.By, command.Reason));
        Assert.Equal(["RunNow nightly: Skipped (LockHeld)", "  web-1  Skipped (LockHeld)"], ran.Lines);
        Assert.Equal(TaskExitCode.Unsuccessful, ran.Code);
        Assert.Contains($"Command {command.Id} was sent; waiting for its result.", ran.Errors);
        var shown = await _host.RunAsync("tasks", "--text", "nightly");
        Assert.Contains("Running hosts: web-1 (process 7, heartbeat ", shown.Output);
    }

    [Fact]
    public async Task Without_a_host_a_pause_is_stored_and_pending()
    {
        var ran = await StoredHost.RunAsync(
            ["pause", "nightly", "--reason", "Release.", "--timeout", "0", "--store", _host.ConnectionString],
            TimeProvider.System);
        var shown = await _host.RunAsync("tasks", "--text", "nightly");
        var unknown = await _host.RunAsync("pause", "nighty", "--reason", "Release.");

        Assert.Equal(TaskExitCode.Pending, ran.Code);
        Assert.Equal("Pause nightly: waits for a host", ran.Lines[0]);
        Assert.Contains("paused: Release. (by ", shown.Lines[1]);
        Assert.Equal(TaskExitCode.NotFound, unknown.Code);
    }

    private static async Task<TaskCommand> FirstAsync(IRecurringTaskStore store)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if ((await store.QueryCommandsAsync(new(), default)).Commands is [var first, ..])
                return first.Command;
            await timer.WaitForNextTickAsync();
        }
    }
}
