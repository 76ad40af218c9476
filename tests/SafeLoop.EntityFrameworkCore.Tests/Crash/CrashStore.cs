using System.Runtime.CompilerServices;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The store of one process: its calls reach points of this process, and one of its guards may be broken.</summary>
internal sealed class CrashStore(Life life, IRecurringTaskStore inner, Broken broken) : IRecurringTaskStore
{
    private int _repeated;

    public ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken) =>
        RunAsync(store => store.ConnectAsync(instance, cancellationToken));

    public async ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(
        IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken)
    {
        var loops = await CallAsync(store => store.LoadAsync(tasks, cancellationToken));
        return broken is Broken.ForgottenChange ? [.. loops.Select(loop => loop with { Change = null })] : loops;
    }

    public ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken) =>
        CallAsync(store => store.SendHeartbeatAsync(instance, sample, after, lostAfter, cancellationToken));

    public async ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken) =>
        broken is Broken.ClaimAfterStep
        || await CallAsync(store => store.TryClaimAsync(claim, cancellationToken))
        || broken is Broken.NoUniqueClaim;

    public async ValueTask<DateTimeOffset?> RecordAsync(
        HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken)
    {
        var claim = new SlotClaim { TaskName = entry.TaskName, Slot = entry.Record.Slot, Instance = entry.Instance };
        if (isClaimed && broken is Broken.ClaimAfterStep)
            await CallAsync(store => store.TryClaimAsync(claim, cancellationToken));
        return await CallAsync(store => store.RecordAsync(entry, isClaimed, cancellationToken));
    }

    public async ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(store => store.SaveAsync(batch with { Number = batch.Number + _repeated }, cancellationToken));
        }
        catch (Exception) when (broken is Broken.BlindCommit && !life.IsDead)
        {
            _repeated++;
            await RunAsync(store => store.SaveAsync(batch with { Number = batch.Number + _repeated }, cancellationToken));
        }
    }

    public ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryInstancesAsync(cancellationToken));

    public ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken) =>
        CallAsync(store => store.QuerySamplesAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryGapsAsync(since, cancellationToken));

    public ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryTotalsAsync(query, cancellationToken));

    public ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryLoopsAsync(query, cancellationToken));

    public async ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken) =>
        (command.Kind is TaskCommandKind.Pause && broken is Broken.LocalPause)
        || (command.Kind is TaskCommandKind.Change && broken is Broken.LocalChange)
        || await CallAsync(store => store.AddCommandAsync(command, cancellationToken));

    public ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken) =>
        CallAsync(store => store.TryTakeCommandAsync(command, instance, cancellationToken));

    public ValueTask CompleteCommandAsync(Guid command, TaskCommandResult result, CancellationToken cancellationToken) =>
        RunAsync(store => store.CompleteCommandAsync(command, result, cancellationToken));

    public ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken) =>
        CallAsync(store => store.FindCommandAsync(command, cancellationToken));

    public ValueTask<TaskCommandPage> QueryCommandsAsync(TaskCommandQuery query, CancellationToken cancellationToken) =>
        CallAsync(store => store.QueryCommandsAsync(query, cancellationToken));

    public ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) =>
        CallAsync(store => store.DeleteExpiredAsync(retention, cancellationToken));

    public ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken) =>
        RunAsync(store => store.EraseAsync(task, key, cancellationToken));

    public ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken) =>
        RunAsync(store => store.DisconnectAsync(instance, cancellationToken));

    private async ValueTask<T> CallAsync<T>(Func<IRecurringTaskStore, ValueTask<T>> call, [CallerMemberName] string name = "")
    {
        LifeCall.Current = new(life, name); // until this method returns
        return await call(inner);
    }

    private async ValueTask RunAsync(Func<IRecurringTaskStore, ValueTask> call, [CallerMemberName] string name = "")
    {
        LifeCall.Current = new(life, name);
        await call(inner);
    }
}
