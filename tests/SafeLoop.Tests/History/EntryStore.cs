using SafeLoop.Storage;

namespace SafeLoop.Tests.History;

/// <summary>A store of which only the history and the instances can be read, with those of a test.</summary>
internal sealed class EntryStore(params HistoryEntry[] entries) : IRecurringTaskStore
{
    public IReadOnlyList<RecurringTaskInstance> Instances { get; init; } = [];

    public List<HistoryQuery> Queries { get; } = [];

    public Func<Exception?> Fails { get; set; } = () => null;

    public ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        Queries.Add(query);
        cancellationToken.ThrowIfCancellationRequested();
        if (Fails() is { } error)
            throw error;
        var found = entries.Where(entry =>
            (query.TaskName is not { } task || task.Equals(entry.TaskName, StringComparison.OrdinalIgnoreCase))
            && (query.Key is not { } key || key == entry.Key)
            && (query.From is not { } from || entry.Record.Slot >= from)
            && (query.To is not { } to || entry.Record.Slot < to));
        var ordered = query.OldestFirst
            ? found.OrderBy(entry => entry.Record.Slot)
            : found.OrderByDescending(entry => entry.Record.Slot);
        return new(new HistoryPage { Entries = [.. ordered.Take(query.PageSize)] });
    }

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken) =>
        Fails() is { } error ? throw error : new(Instances);

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<DateTimeOffset?> RecordAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask CompleteCommandAsync(Guid command, TaskCommandResult result, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask<TaskCommandPage> QueryCommandsAsync(TaskCommandQuery query, CancellationToken cancellationToken) =>
        throw NotHere();

    public ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken) => throw NotHere();

    public ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken) => throw NotHere();

    private static NotSupportedException NotHere() => new("Only the history of this store is read.");
}
