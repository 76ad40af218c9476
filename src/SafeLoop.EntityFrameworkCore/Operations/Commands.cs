using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The queue of commands, which is the audit log too.</summary>
internal sealed class Commands(StoreDatabase database, IDatabaseClock clock, TaskCatalog tasks)
{
    private const int MostAtOnce = 1000;

    public async Task AddAsync(StoreCommand command, CancellationToken cancellationToken)
    {
        var task = await tasks.GetAsync(command.TaskName, cancellationToken).ConfigureAwait(false);
        await database.RunAsync(async (db, cancel) =>
        {
            // The row stays locked until the commit, so a host that sees a number has seen all smaller ones.
            await db.Set<SchemaRow>().ExecuteUpdateAsync(
                set => set.SetProperty(s => s.LastCommand, s => s.LastCommand + 1), cancel).ConfigureAwait(false);
            if (await db.Set<CommandRow>().AnyAsync(c => c.Id == command.Id, cancel).ConfigureAwait(false))
                return false;
            var number = await db.Set<SchemaRow>().Select(s => s.LastCommand).FirstAsync(cancel).ConfigureAwait(false);
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            db.Add(ToRow(command, task.Id, number, now));
            if (command is { Key: null, Kind: StoreCommandKind.Pause or StoreCommandKind.Resume })
                await LoopWriter.SetPauseAsync(db, ToPause(command, task.Id, now), cancel).ConfigureAwait(false);
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commands after a number. Those for one instance are missing once they have expired.</summary>
    public async Task<IReadOnlyList<StoreCommand>> ReadAsync(
        StoreContext db, long after, long now, CancellationToken cancellationToken)
    {
        var rows = await db.Set<CommandRow>()
            .Where(c => c.Number > after && (c.Kind != StoreCommandKind.RunNow || c.Expires > now))
            .Join(tasks.Rows(db), c => c.TaskId, t => t.Id, (command, task) => new { command, task.Name })
            .OrderBy(c => c.command.Number).Take(MostAtOnce).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => Mapping.ToCommand(row.command, row.Name))];
    }

    public Task<bool> TryTakeAsync(Guid command, Guid instance, CancellationToken cancellationToken) =>
        database.RunAsync(async (db, cancel) =>
        {
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var row = db.Set<CommandRow>().Where(c => c.Id == command);
            return await row.Where(c => c.TakenBy == null && c.Expires > now).ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.TakenBy, instance).SetProperty(c => c.Taken, now), cancel)
                    .ConfigureAwait(false) == 1
                || await row.AnyAsync(c => c.TakenBy == instance, cancel).ConfigureAwait(false);
        }, cancellationToken);

    public Task CompleteAsync(Guid command, Guid instance, string result, CancellationToken cancellationToken) =>
        database.RunAsync(async (db, cancel) =>
        {
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var text = StoredText.Clean(result);
            // Of a command for all instances, the first one records how it ended.
            return await db.Set<CommandRow>()
                .Where(c => c.Id == command && c.Completed == null && (c.TakenBy == null || c.TakenBy == instance))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Completed, now).SetProperty(c => c.Result, text), cancel)
                .ConfigureAwait(false);
        }, cancellationToken);

    private static LoopRow ToPause(StoreCommand command, int taskId, long now) =>
        command.Kind is StoreCommandKind.Resume ? new() { TaskId = taskId } : new()
        {
            TaskId = taskId,
            PausedSince = now,
            PausedUntil = Micros.Of(command.Until),
            PauseReason = StoredText.Clean(command.Reason) ?? "Paused by hand.",
            PausedBy = StoredText.Clean(command.By, StoreTables.LongestName),
        };

    private static CommandRow ToRow(StoreCommand command, int taskId, long number, long now) => new()
    {
        Id = command.Id,
        Number = number,
        TaskId = taskId,
        KeyText = command.Key is null ? null : StoredText.Key(command.Key),
        Kind = command.Kind,
        Given = now,
        Expires = now + Micros.Of(command.ExpiresAfter),
        PausedUntil = Micros.Of(command.Until),
        Reason = StoredText.Clean(command.Reason),
        GivenBy = StoredText.Clean(command.By, StoreTables.LongestName),
        GivenAt = command.Instance,
    };
}
