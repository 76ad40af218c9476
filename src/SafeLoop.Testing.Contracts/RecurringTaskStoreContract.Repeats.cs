using SafeLoop.Storage;

namespace SafeLoop.Testing;

// Repeats: a commit whose answer was lost looks like a failure, so that every call may come twice.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>The same scenario, once as it is and once with every call made twice.</summary>
    [Fact]
    public async Task Every_call_may_be_made_again_and_does_nothing_the_second_time()
    {
        var once = await RunScenarioAsync(0, "-once", static store => store);
        var twice = await RunScenarioAsync(2, "-twice", static store => new RepeatingStore(store));

        Assert.Equal(once, twice);
        Assert.Contains(once, line => line.Contains(nameof(OutcomeReason.HostLost), StringComparison.Ordinal));
    }

    private async Task<List<string>> RunScenarioAsync(
        int host, string application, Func<IRecurringTaskStore, IRecurringTaskStore> wrap)
    {
        var plain = Host(host, application);
        var one = new StoreHost(wrap(plain.Store), _application + application, LostAfter);
        var two = new StoreHost(wrap(Host(host + 1, application).Store), _application + application, LostAfter);
        await one.ConnectAsync();
        await two.ConnectAsync();
        await one.LoadAsync("old", "hourly");
        Assert.True(await one.ClaimAsync(Slot(0), task: "old"));
        Assert.Null(await one.EndAsync(Slot(0), task: "old"));
        Assert.True(await one.ClaimAsync(Slot(1), task: "old"));
        await two.Store.LoadAsync([new() { Name = StoreHost.Nightly, FormerName = "old", Schedule = "" }], default);
        await one.SaveAsync(FullBatch(one, number: 0));
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop("b") }, new LoopChange { Loop = StoreHost.Loop("c") });
        await one.SaveAsync(new LoopChange { Loop = StoreHost.Loop("b"), IsForgotten = true });
        await two.SaveAsync(FullBatch(two, number: 0));
        var commands = new[] { Command(TaskCommandKind.Pause), Command(TaskCommandKind.RunNow) };
        foreach (var command in commands)
            await two.Store.AddCommandAsync(command, default);
        Assert.True(await two.Store.TryTakeCommandAsync(commands[1].Id, two.Id, default));
        await two.CompleteAsync(commands[1].Id, "Succeeded");
        await one.Store.DisconnectAsync(one.Id, default);
        Assert.Single((await two.SendHeartbeatAsync()).Lost);
        Assert.Null(await two.SkipAsync(Slot(5), first: Slot(2), count: 4));
        Assert.True(await two.ClaimAsync(Slot(6)));
        await two.Store.EraseAsync(StoreHost.Nightly, "c", default);
        await DeleteAsync(two, new());

        await plain.ConnectAsync();
        return
        [
            .. (await plain.LoadAsync(StoreHost.Nightly)).Select(Describe).Order(StringComparer.Ordinal),
            .. (await plain.ReadAsync()).Select(Describe).Order(StringComparer.Ordinal),
            .. (await ReadTotalsAsync(plain.Store, StoreHost.Nightly)).Select(Describe),
            .. (await ReadGapsAsync(plain.Store)).Select(gap => $"{gap}"),
            .. (await plain.SendHeartbeatAsync()).Commands.Select(command => $"{command.Kind}"),
            .. (await FindAsync(plain, commands[1])).Results.Select(result => result.Text),
        ];
    }

    // Without the times of the pause and of the lost slot, which differ in a database that keeps time by itself.
    private static string Describe(StoredLoop loop) =>
        $"{loop with { Pause = null, LastEnded = null }} {loop.Pause?.Reason} {loop.Pause?.By}";

    private static string Describe(HourlyTotal total) =>
        total.Reason is OutcomeReason.HostLost ? $"{total.Reason} {total.Count}" : $"{total}";

    private static string Describe(HistoryEntry entry)
    {
        var record = entry.Record;
        return $"{record.Slot:u} {entry.FirstSlot:u} {entry.Key} {record.Outcome} {record.Reason} {record.Count}";
    }
}
