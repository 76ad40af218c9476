using SafeLoop.Tests;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A test can cut each call of a store in memory, before and after it is carried out.</summary>
public class StoreCutTests
{
    private static readonly Guid Instance = Guid.NewGuid();

    private readonly MemoryDatabase _database = new(new VirtualClock(VirtualTime.DefaultStart));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)] // carried out, and the answer was lost
    public async Task A_call_that_fails_is_carried_out_or_not(bool isExecuted, int saved)
    {
        var store = await ConnectAsync();
        _database.Cut = call => call.Method == "Save" && call.IsExecuted == isExecuted ? StoreCut.Fail : StoreCut.None;

        var error = await Assert.ThrowsAsync<StoreDownException>(async () => await SaveAsync(store, default));
        Assert.Equal(saved, Count());
        Assert.Contains(isExecuted ? "2 Save after" : "2 Save before", error.Message, StringComparison.Ordinal);
        _database.Cut = _ => StoreCut.None;
        await SaveAsync(store, default);
        Assert.Equal(1, Count());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_call_that_hangs_returns_when_it_is_cancelled(bool isExecuted, int saved)
    {
        var store = await ConnectAsync();
        using var giveUp = new CancellationTokenSource();
        _database.Cut = call => call.IsExecuted == isExecuted ? StoreCut.Hang : StoreCut.None;
        var saving = SaveAsync(store, giveUp.Token).AsTask();
        Assert.False(saving.IsCompleted);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        Assert.Equal(saved, Count());
    }

    [Fact]
    public async Task A_host_that_is_gone_calls_in_vain_and_another_does_not()
    {
        var (gone, other) = (await ConnectAsync(), await ConnectAsync());
        var calls = new List<string>();
        _database.Cut = call =>
        {
            calls.Add($"{call}");
            gone.IsGone |= call.Store == gone && call.IsExecuted;
            return StoreCut.None;
        };
        var saving = SaveAsync(gone, default).AsTask(); // its process ends before the answer
        var again = SaveAsync(gone, default).AsTask();
        await SaveAsync(other, default, number: 2);

        Assert.False(saving.IsCompleted || again.IsCompleted);
        Assert.Equal(2, Count());
        Assert.Equal(["3 Save before", "3 Save after", "5 Save before", "5 Save after"], calls);
        Assert.Equal(5, _database.Calls);
    }

    private int Count() => _database.Read("app", stored => stored.History.Entries.Count());

    private async Task<MemoryStore> ConnectAsync()
    {
        var store = _database.CreateStore();
        await store.ConnectAsync(new() { Id = Instance, Application = "app", Host = "host", ProcessId = 1 }, default);
        return store;
    }

    private static ValueTask SaveAsync(MemoryStore store, CancellationToken token, long number = 1)
    {
        var record = new IterationRecord { Slot = VirtualTime.DefaultStart, Outcome = IterationOutcome.Succeeded };
        return store.SaveAsync(
            new() { Instance = Instance, Number = number, History = [new() { TaskName = "task", Record = record }] }, token);
    }
}
