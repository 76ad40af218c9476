using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>A store in a relational database. Each member is one transaction, or a few.</summary>
internal sealed class EntityFrameworkTaskStore(
    Func<StoreDatabase> createDatabase, IDatabaseClock clock, TimeProvider time, string? application, string defaultApplication)
    : IRecurringTaskStore
{
    // Created by the first call, so that a database that cannot be used does not stop the start of the application. Each further
    // call tries again until it succeeds: the application may wait for a secret.
    private readonly Lazy<StoreDatabase> _database = new(createDatabase, LazyThreadSafetyMode.PublicationOnly);
    private readonly Lock _lock = new();

    private StoreParts? _parts;

    public IReadOnlyList<string> FindProblems()
    {
        try
        {
            _ = _database.Value;
            return [];
        }
        catch (IncompatibleStoreException problem)
        {
            return [problem.Message];
        }
        catch (Exception) // of the application, which may wait for a secret; the first call throws it again, and it is reported
        {
            return [];
        }
    }

    public async ValueTask ConnectAsync(StoreInstance instance, CancellationToken cancellationToken)
    {
        var parts = GetParts(application ?? instance.Application);
        await parts.Schema.RunAsync(cancellationToken).ConfigureAwait(false);
        await parts.Instances.ConnectAsync(instance, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<StoredLoop>> LoadAsync(
        IReadOnlyList<StoredTask> tasks, CancellationToken cancellationToken) =>
        await Usable.Loader.LoadAsync(tasks, cancellationToken).ConfigureAwait(false);

    public async ValueTask<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken)
    {
        await Parts.Schema.CheckVersionAsync(cancellationToken).ConfigureAwait(false);
        return await Parts.Instances.SendHeartbeatAsync(instance, sample, after, lostAfter, cancellationToken)
            .ConfigureAwait(false);
    }

    public async ValueTask<bool> TryClaimAsync(SlotClaim claim, CancellationToken cancellationToken) =>
        await Usable.Claims.TryClaimAsync(claim, cancellationToken).ConfigureAwait(false);

    public async ValueTask<DateTimeOffset?> RecordAsync(
        HistoryEntry entry, bool isClaimed, CancellationToken cancellationToken) =>
        await Usable.Claims.RecordAsync(entry, isClaimed, cancellationToken).ConfigureAwait(false);

    public async ValueTask SaveAsync(StoreBatch batch, CancellationToken cancellationToken) =>
        await Usable.Batches.SaveAsync(batch, cancellationToken).ConfigureAwait(false);

    public async ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        await Parts.History.QueryAsync(query, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<HistoryEntry>> QueryLatestAsync(int count, CancellationToken cancellationToken) =>
        await Parts.History.QueryLatestAsync(count, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<RecurringTaskInstance>> QueryInstancesAsync(CancellationToken cancellationToken) =>
        await Parts.InstanceReader.QueryAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<SamplePage> QuerySamplesAsync(SampleQuery query, CancellationToken cancellationToken) =>
        await Parts.SampleReader.QueryAsync(query, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<HistoryGap>> QueryGapsAsync(
        DateTimeOffset since, CancellationToken cancellationToken) =>
        await Parts.GapReader.QueryAsync(since, cancellationToken).ConfigureAwait(false);

    public async ValueTask<TotalPage> QueryTotalsAsync(TotalQuery query, CancellationToken cancellationToken) =>
        await Parts.TotalReader.QueryAsync(query, cancellationToken).ConfigureAwait(false);

    public async ValueTask<LoopPage> QueryLoopsAsync(LoopQuery query, CancellationToken cancellationToken) =>
        await Parts.LoopReader.QueryAsync(query, cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> AddCommandAsync(TaskCommand command, CancellationToken cancellationToken) =>
        await Usable.Commands.AddAsync(command, cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> TryTakeCommandAsync(Guid command, Guid instance, CancellationToken cancellationToken) =>
        await Usable.Commands.TryTakeAsync(command, instance, cancellationToken).ConfigureAwait(false);

    public async ValueTask CompleteCommandAsync(
        Guid command, TaskCommandResult result, CancellationToken cancellationToken) =>
        await Usable.Commands.CompleteAsync(command, result, cancellationToken).ConfigureAwait(false);

    public async ValueTask<TaskCommandStatus?> FindCommandAsync(Guid command, CancellationToken cancellationToken) =>
        await Parts.CommandLog.FindAsync(command, cancellationToken).ConfigureAwait(false);

    public async ValueTask<TaskCommandPage> QueryCommandsAsync(
        TaskCommandQuery query, CancellationToken cancellationToken) =>
        await Parts.CommandLog.QueryAsync(query, cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> DeleteExpiredAsync(StoreRetention retention, CancellationToken cancellationToken) =>
        await Usable.Retention.DeleteExpiredAsync(retention, cancellationToken).ConfigureAwait(false);

    public async ValueTask EraseAsync(string task, string key, CancellationToken cancellationToken) =>
        await Usable.Eraser.EraseAsync(task, key, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisconnectAsync(Guid instance, CancellationToken cancellationToken) =>
        await Parts.Instances.DisconnectAsync(instance, cancellationToken).ConfigureAwait(false);

    /// <summary>The parts, for calls that write or load. Throws while the version of the tables cannot be used.</summary>
    private StoreParts Usable
    {
        get
        {
            Parts.Schema.ThrowIfIncompatible();
            return Parts;
        }
    }

    private StoreParts Parts => _parts ?? GetParts(application ?? defaultApplication);

    private StoreParts GetParts(string name)
    {
        var database = _database.Value; // calls the application, so not under the lock
        lock (_lock)
        {
            if (_parts?.Application != name)
                _parts = new(database, clock, time, name);
            return _parts;
        }
    }
}
