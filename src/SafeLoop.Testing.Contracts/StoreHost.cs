using SafeLoop.Storage;

namespace SafeLoop.Testing;

/// <summary>
/// A host as the contract of stores plays it: a store object, an instance, and the number of its last batch.
/// </summary>
internal sealed class StoreHost(IRecurringTaskStore store, string application, TimeSpan lostAfter)
{
    public const string Nightly = "nightly";

    /// <summary>The memory of a host that does nothing.</summary>
    public static readonly InstanceSample Idle = new() { HeapSize = 1, HeapLimit = 100, Loops = 1 };

    private long _batch;

    public IRecurringTaskStore Store => store;

    public Guid Id { get; } = Guid.NewGuid();

    public ValueTask ConnectAsync() => store.ConnectAsync(
        new() { Id = Id, Application = application, Host = "contract", ProcessId = 1, Version = "1.2.3" }, default);

    public ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(params string[] names) =>
        store.LoadAsync([.. names.Select(name => new StoredTask { Name = name, Schedule = "every minute" })], default);

    /// <summary>What is stored of one loop; null: nothing.</summary>
    public async ValueTask<StoredLoop?> FindAsync(string? key = null, string task = Nightly) =>
        (await LoadAsync(task)).SingleOrDefault(loop => loop.Key == key);

    public ValueTask<HeartbeatResult> SendHeartbeatAsync(long after = 0, InstanceSample? sample = null) =>
        store.SendHeartbeatAsync(Id, sample ?? Idle, after, lostAfter, default);

    public ValueTask<bool> ClaimAsync(DateTimeOffset slot, string? key = null, string task = Nightly) =>
        store.TryClaimAsync(new() { TaskName = task, Key = key, Slot = slot, Instance = Id }, default);

    /// <summary>Records how a command ended on this host.</summary>
    public ValueTask CompleteAsync(Guid command, string text, bool isExecuted = true) => store.CompleteCommandAsync(
        command, new() { Instance = Id, IsExecuted = isExecuted, Text = text }, default);

    /// <summary>Records the outcome of a slot that this host has claimed.</summary>
    public ValueTask<DateTimeOffset?> EndAsync(DateTimeOffset slot, string? key = null, string task = Nightly) =>
        store.RecordAsync(Entry(slot, key: key, task: task), isClaimed: true, default);

    /// <summary>Records slots that no host runs.</summary>
    public ValueTask<DateTimeOffset?> SkipAsync(
        DateTimeOffset last, DateTimeOffset? first = null, long count = 1, string? key = null) =>
        store.RecordAsync(
            Entry(last, IterationOutcome.Skipped, OutcomeReason.HostDown, key, count: count) with { FirstSlot = first },
            isClaimed: false, default);

    /// <summary>Saves the next batch.</summary>
    public ValueTask SaveAsync(StoreBatch batch) =>
        store.SaveAsync(batch with { Instance = Id, Number = Interlocked.Increment(ref _batch) }, default);

    public ValueTask SaveAsync(params HistoryEntry[] history) => SaveAsync(Batch() with { History = history });

    public ValueTask SaveAsync(params LoopChange[] loops) => SaveAsync(Batch() with { Loops = loops });

    public StoreBatch Batch(long number = 0) => new() { Instance = Id, Number = number };

    /// <summary>All entries that match, page by page.</summary>
    public async ValueTask<List<HistoryEntry>> ReadAsync(HistoryQuery? query = null)
    {
        var entries = new List<HistoryEntry>();
        for (query ??= new() { TaskName = Nightly }; ;)
        {
            var page = await store.QueryAsync(query, default);
            entries.AddRange(page.Entries);
            Assert.True(entries.Count <= 10_000, "The pages of a query do not end.");
            if (page.Cursor is null)
                return entries;
            query = query with { Cursor = page.Cursor };
        }
    }

    public HistoryEntry Entry(
        DateTimeOffset slot, IterationOutcome outcome = IterationOutcome.Succeeded, OutcomeReason reason = OutcomeReason.None,
        string? key = null, string task = Nightly, long count = 1) => new()
        {
            TaskName = task,
            Key = key,
            Instance = Id,
            Record = new()
            {
                Slot = slot,
                Started = slot,
                Outcome = outcome,
                Reason = reason,
                Count = count,
            },
        };

    public static StoredLoop Loop(string? key = null, string task = Nightly) => new() { TaskName = task, Key = key };
}
