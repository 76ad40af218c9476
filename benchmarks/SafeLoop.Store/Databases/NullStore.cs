using SafeLoop.Storage;

namespace SafeLoop.Store.Databases;

/// <summary>A store that forgets everything, so that only what happens before it is measured.</summary>
internal sealed class NullStore : IRecurringTaskStore
{
    public ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken) => default;

    public ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(
        IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken) => new((IReadOnlyList<StoredLoop>)[]);

    public ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken) =>
        new(new HeartbeatResult { Now = TimeProvider.System.GetUtcNow() });

    public ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken) => new(true);

    public ValueTask<DateTimeOffset?> RecordAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken) =>
        default;

    public ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken) => default;

    public ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        new(new HistoryPage { Entries = [] });

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken) =>
        new((IReadOnlyList<RecurringTaskInstance>)[]);

    public ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken) =>
        new(new SamplePage { Samples = [] });

    public ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        new((IReadOnlyList<HistoryGap>)[]);

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken) =>
        new(new TotalPage { Totals = [] });

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken) =>
        new(new LoopPage { Loops = [] });

    public ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken) => new(true);

    public ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken) => new(true);

    public ValueTask CompleteCommandAsync(Guid command, TaskCommandResult result, CancellationToken cancellationToken) => default;

    public ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken) => default;

    public ValueTask<TaskCommandPage> QueryCommandsAsync(TaskCommandQuery query, CancellationToken cancellationToken) =>
        new(new TaskCommandPage { Commands = [] });

    public ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) => new(false);

    public ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken) => default;

    public ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken) => default;
}
