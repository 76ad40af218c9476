using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;

namespace SafeLoop.Tests.Persistence;

public class ErasureTests
{
    private const string Ann = "ann@example.org";

    [Fact]
    public async Task A_key_is_erased_in_the_store_and_on_all_hosts_also_what_they_have_not_saved()
    {
        await using var hosts = new StoredHosts();
        var isDown = false;
        hosts.Database.Cut = call => isDown && call.Method == "Save" ? StoreCut.Fail : StoreCut.None;
        var (one, other) = (await StartAsync(hosts), await StartAsync(hosts));
        await AdvanceAsync(2.Minutes, one, other);
        Assert.Contains(hosts.Entries("failingKeys"), entry => entry.Key == Ann);
        isDown = true; // from now on nothing is saved
        await AdvanceAsync(1.Minutes, one, other);
        foreach (var host in (VirtualHost[])[one, other])
            Assert.True(KeysOf(host).TryRemove(Ann));

        var erased = History(one).EraseAsync("FailingKeys", Ann).AsTask();
        await AdvanceAsync(1.Minutes, one, other);
        isDown = false;
        await AdvanceAsync(2.Minutes, one, other);

        Assert.True(erased.IsCompletedSuccessfully);
        Assert.DoesNotContain(hosts.Entries("failingKeys"), entry => entry.Key == Ann);
        Assert.Contains(hosts.Entries("failingKeys"), entry => entry.Key == "bob");
        Assert.DoesNotContain(Ann, KeysIn(hosts));
        var command = Assert.Single((await Commands(one).QueryAsync(new())).Commands);
        Assert.Equal("erased (2 hosts)", command.Text);
        await AdvanceAsync(3.Hours, one, other);
        Assert.Null((await Commands(one).FindAsync(command.Command.Id))!.Command.Key);
    }

    [Fact]
    public async Task A_key_that_goes_on_has_no_records_from_before()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        var key = KeysOf(host).Find(Ann)!;
        _ = key.Completion; // gives it records of its own
        await host.AdvanceAsync(90.Seconds);
        Assert.NotEmpty(key.History);

        var erasing = History(host).EraseAsync("failingKeys", Ann).AsTask();
        await host.AdvanceAsync(TimeSpan.Zero);
        await erasing;

        Assert.Empty(key.History);
        Assert.Null(key.Snapshot().LastError);
    }

    [Fact]
    public async Task Without_a_store_the_records_in_memory_are_erased()
    {
        using var host = LoopHost.Run(Register);
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<FailingKeys, string>>();
        keys.TryAdd(Ann);
        host.Advance(90.Seconds);
        Assert.NotEmpty(keys.Find(Ann)!.History);

        var history = host.Services.GetRequiredService<IRecurringTaskHistory>();
        await history.EraseAsync("failingKeys", Ann);

        Assert.Empty(keys.Find(Ann)!.History);
        await Assert.ThrowsAsync<KeyNotFoundException>(async () => await history.EraseAsync("unknown", Ann));
    }

    [Fact]
    public async Task A_key_that_waits_for_the_store_is_erased_when_the_host_stops()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        await host.AdvanceAsync(2.Minutes);
        var isDown = true;
        hosts.Database.Cut = _ => isDown ? StoreCut.Fail : StoreCut.None;
        KeysOf(host).TryRemove(Ann);
        var erasing = History(host).EraseAsync("failingKeys", Ann).AsTask();
        await host.AdvanceAsync(TimeSpan.Zero);
        isDown = false;

        await host.StopAsync();

        await erasing;
        Assert.DoesNotContain(hosts.Entries("failingKeys"), entry => entry.Key == Ann);
    }

    [Fact]
    public async Task A_key_that_is_not_erased_when_the_host_stops_is_reported_to_the_caller()
    {
        await using var hosts = new StoredHosts();
        var host = await StartAsync(hosts);
        var history = History(host);
        hosts.Database.Cut = _ => StoreCut.Fail;
        var erasing = history.EraseAsync("failingKeys", Ann).AsTask();
        await host.AdvanceAsync(TimeSpan.Zero);

        await host.DisposeAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => erasing);
        Assert.Equal(
            "The key of task 'failingKeys' was not erased, because this host has stopped. Erase it on a host that is running.",
            error.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await history.EraseAsync("failingKeys", Ann));
    }

    private static async Task<VirtualHost> StartAsync(StoredHosts hosts)
    {
        var host = await hosts.StartAsync(Register);
        KeysOf(host).TryAdd(Ann);
        KeysOf(host).TryAdd("bob");
        await host.AdvanceAsync(TimeSpan.Zero);
        return host;
    }

    private static void Register(IServiceCollection services) =>
        services.AddRecurringTask<FailingKeys, string>().Every(1.Minutes);

    private static IRecurringTaskKeys<FailingKeys, string> KeysOf(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<FailingKeys, string>>();

    private static IRecurringTaskHistory History(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskHistory>();

    private static IRecurringTaskCommands Commands(VirtualHost host) =>
        host.Services.GetRequiredService<IRecurringTaskCommands>();

    private static string?[] KeysIn(StoredHosts hosts) => hosts.Database.Read("app", stored =>
        stored.FindTask("failingKeys")!.Loops.Select(loop => loop.State.Key).ToArray());

    private static async Task AdvanceAsync(TimeSpan time, params VirtualHost[] hosts)
    {
        foreach (var host in hosts)
            await host.AdvanceAsync(time);
    }
}
