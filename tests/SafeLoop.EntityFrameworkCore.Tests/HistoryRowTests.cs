using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class HistoryRowTests : IAsyncLifetime
{
    private readonly SqliteDatabase _database = new();

    [Fact]
    public async Task Numbers_of_more_than_32_bits_are_kept_as_they_are()
    {
        var store = _database.CreateStore();
        var instance = await store.ConnectAsync();
        var entry = Calls.Entry(instance, outcome: IterationOutcome.Skipped) with
        {
            FirstSlot = Calls.Slot.AddDays(-40),
            LongestElapsed = TimeSpan.FromHours(3),
        };
        entry = entry with
        {
            Record = entry.Record with
            {
                Number = 5_000_000_000,
                Started = Calls.Slot.AddDays(-40),
                Elapsed = TimeSpan.FromHours(4),
                Count = 6_000_000_000,
            },
        };

        Assert.Null(await store.RecordAsync(entry, isClaimed: false, default));
        Assert.Null(await store.RecordAsync(entry, isClaimed: false, default)); // the answer of the first call was lost
        Assert.Equal(entry, Assert.Single((await store.QueryAsync(new() { TaskName = Calls.Nightly }, default)).Entries));
    }

    [Fact]
    public async Task Numbers_of_32_bits_need_no_wide_column()
    {
        var store = _database.CreateStore();
        var instance = await store.ConnectAsync();
        var entry = Calls.Entry(instance) with
        {
            FirstSlot = Calls.Slot.AddMinutes(-1),
            LongestElapsed = TimeSpan.FromSeconds(1),
        };
        entry = entry with { Record = entry.Record with { Started = Calls.Slot.AddMinutes(30), Count = 60, Number = 1_000_000 } };
        await store.SaveAsync(new() { Instance = instance, Number = 1, History = [entry] }, default);

        Assert.Equal(entry, Assert.Single((await store.QueryAsync(new() { TaskName = Calls.Nightly }, default)).Entries));
        var row = await _database.ReadAsync(db => db.Set<HistoryRow>().SingleAsync());
        Assert.All(
            [row.LongLate, row.LongElapsed, row.LongIteration, row.LongSpan, row.LongLongestElapsed, row.LongSlots],
            wide => Assert.Null(wide));
    }

    [Fact]
    public async Task A_success_of_an_old_slot_that_was_caught_up_is_deleted_within_a_day()
    {
        var store = _database.CreateStore();
        var instance = await store.ConnectAsync();
        var retention = new StoreRetention { Successes = TimeSpan.FromDays(3) };
        Assert.False(await store.DeleteExpiredAsync(retention, default));
        await store.SaveAsync(new()
        {
            Instance = instance,
            Number = 1,
            History = [Calls.Entry(instance, Calls.Slot.AddDays(-5)), Calls.Entry(instance, Calls.Slot)],
        }, default);

        _database.Clock.Advance(TimeSpan.FromDays(1));
        await store.DeleteExpiredAsync(retention, default);
        Assert.Single((await store.QueryAsync(new(), default)).Entries);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _database.DisposeAsync();
}
