using SafeLoop.Storage;

namespace SafeLoop.Testing;

/// <summary>A store behind a network that loses the first answer of every call, so that its caller calls again.</summary>
internal sealed class RepeatingStore(IRecurringTaskStore store) : IRecurringTaskStore
{
    public async ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken)
    {
        await store.ConnectAsync(instance, cancellationToken);
        await store.ConnectAsync(instance, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(
        IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken)
    {
        await store.LoadAsync(tasks, cancellationToken);
        return await store.LoadAsync(tasks, cancellationToken);
    }

    // The claims that the first call has ended are in its answer only. They are in the history all the same.
    public async ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken)
    {
        var first = await store.SendHeartbeatAsync(instance, sample, after, lostAfter, cancellationToken);
        var second = await store.SendHeartbeatAsync(instance, sample, after, lostAfter, cancellationToken);
        return second with { Lost = [.. first.Lost, .. second.Lost] };
    }

    public async ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken)
    {
        await store.TryClaimAsync(claim, cancellationToken);
        return await store.TryClaimAsync(claim, cancellationToken);
    }

    public async ValueTask<DateTimeOffset?> RecordAsync(
        HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken)
    {
        await store.RecordAsync(entry, isClaimed, cancellationToken);
        return await store.RecordAsync(entry, isClaimed, cancellationToken);
    }

    public async ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken)
    {
        await store.SaveAsync(batch, cancellationToken);
        await store.SaveAsync(batch, cancellationToken);
    }

    public ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        store.QueryAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken) =>
        store.QueryInstancesAsync(cancellationToken);

    public ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken) =>
        store.QuerySamplesAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        store.QueryGapsAsync(since, cancellationToken);

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken) =>
        store.QueryTotalsAsync(query, cancellationToken);

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken) =>
        store.QueryLoopsAsync(query, cancellationToken);

    public async ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken)
    {
        await store.AddCommandAsync(command, cancellationToken);
        return await store.AddCommandAsync(command, cancellationToken);
    }

    public async ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken)
    {
        await store.TryTakeCommandAsync(command, instance, cancellationToken);
        return await store.TryTakeCommandAsync(command, instance, cancellationToken);
    }

    public async ValueTask CompleteCommandAsync(
        Guid command, TaskCommandResult result, CancellationToken cancellationToken)
    {
        await store.CompleteCommandAsync(command, result, cancellationToken);
        await store.CompleteCommandAsync(command, result, cancellationToken);
    }

    public ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken) =>
        store.FindCommandAsync(command, cancellationToken);

    public ValueTask<TaskCommandPage> QueryCommandsAsync(TaskCommandQuery query, CancellationToken cancellationToken) =>
        store.QueryCommandsAsync(query, cancellationToken);

    public async ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken)
    {
        await store.DeleteExpiredAsync(retention, cancellationToken);
        return await store.DeleteExpiredAsync(retention, cancellationToken);
    }

    public async ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken)
    {
        await store.EraseAsync(task, key, cancellationToken);
        await store.EraseAsync(task, key, cancellationToken);
    }

    public async ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken)
    {
        await store.DisconnectAsync(instance, cancellationToken);
        await store.DisconnectAsync(instance, cancellationToken);
    }
}
