using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>The store of one host over a <see cref="MemoryDatabase"/>.</summary>
internal sealed class MemoryStore(MemoryDatabase database, TimeProvider hostClock) : IRecurringTaskStore
{
    private string? _application;

    /// <summary>True: the process of the host is gone. None of its calls is carried out or returns any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>The application that has connected.</summary>
    public string Application => _application ?? throw new InvalidOperationException(
        "The store is not connected. Call ConnectAsync first.");

    public ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _application, instance.Application);
        return RunAsync("Connect", (stored, now) => stored.Connect(instance, now), cancellationToken);
    }

    public ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(
        IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken) =>
        CallAsync("Load", (stored, _) => stored.Load(tasks), cancellationToken);

    public ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken) =>
        CallAsync("Beat", (stored, now) => stored.Beat(instance, sample, after, lostAfter, now), cancellationToken);

    public ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken) =>
        CallAsync("TryClaim", (stored, now) => stored.TryClaim(claim, now), cancellationToken);

    public ValueTask<DateTimeOffset?> RecordAsync(HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken) =>
        CallAsync("Record", (stored, now) => stored.Record(entry, isClaimed, now), cancellationToken);

    public ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken) =>
        RunAsync("Save", (stored, now) => stored.Save(batch, now), cancellationToken);

    public ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        CallAsync("Query", (stored, _) => stored.History.Query(query, stored.FindTask(query.TaskName)), cancellationToken);

    public ValueTask<IReadOnlyList<HistoryEntry>> QueryLatestAsync(int count, CancellationToken cancellationToken) =>
        CallAsync("QueryLatest", (stored, _) => stored.QueryLatest(count), cancellationToken);

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken) =>
        CallAsync("QueryInstances", (stored, _) => stored.QueryInstances(), cancellationToken);

    public ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken) =>
        CallAsync("QuerySamples", (stored, _) => stored.Query(query), cancellationToken);

    public ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        CallAsync("QueryGaps", (stored, _) => stored.QueryGaps(since), cancellationToken);

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken) =>
        CallAsync("QueryTotals", (stored, _) => stored.Query(query), cancellationToken);

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken) =>
        CallAsync("QueryLoops", (stored, _) => stored.Query(query), cancellationToken);

    public ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken) =>
        CallAsync("AddCommand", (stored, now) => stored.Add(command, now), cancellationToken);

    public ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken) =>
        CallAsync("TryTakeCommand", (stored, now) => stored.TryTake(command, instance, now), cancellationToken);

    public ValueTask CompleteCommandAsync(Guid command, TaskCommandResult result, CancellationToken cancellationToken) =>
        RunAsync("CompleteCommand", (stored, now) => stored.Complete(command, result, now), cancellationToken);

    public ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken) =>
        CallAsync("FindCommand", (stored, now) => stored.Find(command, now), cancellationToken);

    public ValueTask<TaskCommandPage> QueryCommandsAsync(TaskCommandQuery query, CancellationToken cancellationToken) =>
        CallAsync("QueryCommands", (stored, now) => stored.Query(query, now), cancellationToken);

    public ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) =>
        CallAsync("DeleteExpired", (stored, now) => stored.Delete(retention, now), cancellationToken);

    public ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken) =>
        RunAsync("Erase", (stored, _) => stored.Erase(task, key), cancellationToken);

    public ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken) =>
        RunAsync("Disconnect", (stored, now) => stored.Disconnect(instance, now), cancellationToken);

    private async ValueTask RunAsync(
        string method, Action<MemoryApplication, DateTimeOffset> work, CancellationToken cancellationToken) =>
        await CallAsync(method, (stored, now) =>
        {
            work(stored, now);
            return true;
        }, cancellationToken).ConfigureAwait(false);

    private async ValueTask<T> CallAsync<T>(
        string method, Func<MemoryApplication, DateTimeOffset, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = new StoreCall(database.CountCall(), method, this, IsExecuted: false);
        await PassAsync(call, cancellationToken).ConfigureAwait(false);
        var answer = database.Execute(Application, hostClock, work);
        await PassAsync(call with { IsExecuted = true }, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    private async ValueTask PassAsync(StoreCall call, CancellationToken cancellationToken)
    {
        var cut = IsGone ? StoreCut.Hang : database.Cut(call);
        if (cut is StoreCut.Fail)
            throw new StoreDownException(call);
        if (cut is StoreCut.None && !IsGone)
            return;
        var cancelled = new TaskCompletionSource();
        if (cut is StoreCut.Ignore)
            await cancelled.Task.ConfigureAwait(false);
        // It goes on where it is cancelled: the order of virtual time stays.
        await using var registration = cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken))
            .ConfigureAwait(false);
        await cancelled.Task.ConfigureAwait(false);
    }
}
