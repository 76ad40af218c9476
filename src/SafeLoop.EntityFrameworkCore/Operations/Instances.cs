using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Connects instances, renews their heartbeats and disconnects them. All times are those of the database.</summary>
internal sealed class Instances(
    StoreDatabase database, IDatabaseClock clock, RowIds ids, TaskCatalog tasks, InstanceCatalog catalog, LostClaims lostClaims,
    Commands commands)
{
    public async Task ConnectAsync(StoreInstance instance, CancellationToken cancellationToken)
    {
        var number = await database.RunAsync(async (db, cancel) =>
        {
            var now = await ReadClockAsync(db, cancel).ConfigureAwait(false);
            if (!await RenewAsync(db, instance.Id, now, cancel).ConfigureAwait(false)
                && await catalog.FindAsync(db, instance.Id, cancel).ConfigureAwait(false) == 0)
            {
                db.Add(ToRow(instance, now));
                await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            }
            return await db.Set<InstanceRow>().Where(i => i.Id == instance.Id).Select(i => i.Number).FirstAsync(cancel)
                .ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        catalog.Add(instance.Id, number);
    }

    public async Task<HeartbeatResult> SendHeartbeatAsync(
        Guid instance, InstanceSample sample, long after, TimeSpan lostAfter, CancellationToken cancellationToken)
    {
        // In a transaction of its own: two hosts that wait for each other's row would end in a deadlock.
        var (now, isRunning) = await database.RunAsync(async (db, cancel) =>
        {
            var now = await ReadClockAsync(db, cancel).ConfigureAwait(false);
            var isRunning = await RenewAsync(db, instance, sample, now, cancel).ConfigureAwait(false);
            if (isRunning)
            {
                var number = await catalog.GetAsync(db, instance, cancel).ConfigureAwait(false);
                await SampleWriter.SaveAsync(db, number, sample, now, cancel).ConfigureAwait(false);
            }
            return (now, isRunning);
        }, cancellationToken).ConfigureAwait(false);
        return await database.RunAsync(async (db, cancel) =>
        {
            await MarkLostAsync(db, instance, now, now - Micros.Of(lostAfter), cancel).ConfigureAwait(false);
            await commands.EndLostAsync(db, now, cancel).ConfigureAwait(false);
            return new HeartbeatResult
            {
                Now = Micros.ToInstant(now),
                IsLost = !isRunning,
                Lost = await lostClaims.EndAsync(db, instance, cancel).ConfigureAwait(false),
                Commands = await commands.ReadAsync(db, after, now, cancel).ConfigureAwait(false),
            };
        }, cancellationToken).ConfigureAwait(false);
    }

    public Task DisconnectAsync(Guid instance, CancellationToken cancellationToken) =>
        database.RunAsync(async (db, cancel) =>
        {
            var now = await ReadClockAsync(db, cancel).ConfigureAwait(false);
            return await db.Set<InstanceRow>().Where(i => i.Id == instance && i.State == InstanceState.Running)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(i => i.State, InstanceState.Stopped).SetProperty(i => i.Ended, now), cancel)
                .ConfigureAwait(false);
        }, cancellationToken);

    // One that is lost stays lost: its claims may have ended already.
    private static async Task<bool> RenewAsync(StoreContext db, Guid instance, long now, CancellationToken cancellationToken) =>
        await db.Set<InstanceRow>().Where(i => i.Id == instance && i.State == InstanceState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Heartbeat, now), cancellationToken).ConfigureAwait(false) == 1;

    private static async Task<bool> RenewAsync(
        StoreContext db, Guid instance, InstanceSample sample, long now, CancellationToken cancellationToken)
    {
        var (size, limit, loops) = (sample.HeapSize, sample.HeapLimit, sample.Loops);
        return await db.Set<InstanceRow>().Where(i => i.Id == instance && i.State == InstanceState.Running)
            .ExecuteUpdateAsync(set => set
                .SetProperty(i => i.Heartbeat, now)
                .SetProperty(i => i.HeapSize, size)
                .SetProperty(i => i.HeapLimit, limit)
                .SetProperty(i => i.Loops, loops), cancellationToken).ConfigureAwait(false) == 1;
    }

    private Task<int> MarkLostAsync(
        StoreContext db, Guid instance, long now, long oldest, CancellationToken cancellationToken) =>
        db.Set<InstanceRow>()
            .Where(i => i.State == InstanceState.Running && i.Heartbeat < oldest && i.Id != instance
                && i.Application == tasks.Application)
            .ExecuteUpdateAsync(
                set => set.SetProperty(i => i.State, InstanceState.Lost).SetProperty(i => i.Ended, now), cancellationToken);

    private async Task<long> ReadClockAsync(StoreContext db, CancellationToken cancellationToken)
    {
        var now = await clock.GetNowAsync(db, cancellationToken).ConfigureAwait(false);
        ids.Observe(now);
        return now;
    }

    private InstanceRow ToRow(StoreInstance instance, long now) => new()
    {
        Id = instance.Id,
        Application = tasks.Application,
        Host = StoredText.Clean(instance.Host, StoreTables.LongestName)!,
        ProcessId = instance.ProcessId,
        Version = StoredText.Clean(instance.Version, StoreTables.LongestName),
        Started = now,
        Heartbeat = now,
    };
}
