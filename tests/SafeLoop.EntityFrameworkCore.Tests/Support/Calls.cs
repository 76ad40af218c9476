namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Calls of a store as a host makes them.</summary>
internal static class Calls
{
    public const string Nightly = "nightly";

    public static readonly DateTimeOffset Slot = new(2026, 6, 1, 3, 0, 0, TimeSpan.Zero);

    public static readonly InstanceSample Sample = new() { HeapSize = 1, HeapLimit = 2, Loops = 3 };

    public static StoreInstance Instance() => new()
    {
        Id = Guid.NewGuid(),
        Application = "tests",
        Host = "machine",
        ProcessId = 1,
    };

    public static async Task<Guid> ConnectAsync(this IRecurringTaskStore store)
    {
        var instance = Instance();
        await store.ConnectAsync(instance, default);
        await store.LoadAsync([new() { Name = Nightly, Schedule = "at 03:00" }], default);
        return instance.Id;
    }

    public static Task<IncompatibleStoreException> RefuseAsync(this IRecurringTaskStore store) =>
        Assert.ThrowsAsync<IncompatibleStoreException>(store.ConnectAsync);

    public static async Task<string> FailAsync(this IRecurringTaskStore store) =>
        (await Assert.ThrowsAsync<StoreFailureException>(store.ConnectAsync)).Message;

    public static ValueTask<bool> ClaimAsync(this IRecurringTaskStore store, Guid instance, DateTimeOffset? slot = null) =>
        store.TryClaimAsync(new() { TaskName = Nightly, Slot = slot ?? Slot, Instance = instance }, default);

    public static HistoryEntry Entry(
        Guid instance, DateTimeOffset? slot = null, IterationOutcome outcome = IterationOutcome.Succeeded) => new()
        {
            TaskName = Nightly,
            Instance = instance,
            Record = new() { Slot = slot ?? Slot, Started = slot ?? Slot, Outcome = outcome },
        };

    /// <summary>Claims a slot, records it and reads it: a statement of each kind.</summary>
    public static async Task RunOneSlotAsync(this IRecurringTaskStore store)
    {
        var instance = await store.ConnectAsync();
        Assert.True(await store.ClaimAsync(instance));
        Assert.Null(await store.RecordAsync(Entry(instance), isClaimed: true, default));
        var page = await store.QueryAsync(new() { TaskName = Nightly }, default);
        Assert.Equal(Entry(instance), Assert.Single(page.Entries));
    }
}
