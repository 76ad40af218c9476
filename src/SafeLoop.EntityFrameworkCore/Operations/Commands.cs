using Microsoft.EntityFrameworkCore;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The queue of commands, which is the audit log too.</summary>
internal sealed class Commands(StoreDatabase database, IDatabaseClock clock, TaskCatalog tasks)
{
    private const int MostAtOnce = 1000;

    /// <returns>False when the task is not stored.</returns>
    public async Task<bool> AddAsync(TaskCommand command, CancellationToken cancellationToken)
    {
        if (await tasks.FindAsync(command.TaskName, cancellationToken).ConfigureAwait(false) is not { } taskId)
            return false;
        await database.RunAsync(async (db, cancel) =>
        {
            await LockNumbersAsync(db, cancel).ConfigureAwait(false);
            if (await Find(db, command.Id).AnyAsync(cancel).ConfigureAwait(false))
                return false;
            var number = await ReadNumberAsync(db, cancel).ConfigureAwait(false);
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var row = ToRow(command, taskId, number, now);
            db.Add(row);
            if (command.Kind is TaskCommandKind.Pause or TaskCommandKind.Resume)
                await LoopWriter.SetPauseAsync(db, ToPauseRow(command, taskId, now), cancel).ConfigureAwait(false);
            else if (command.Kind is TaskCommandKind.Change && command is not { Options: not null, Fingerprint: null })
                await LoopWriter.SetChangeAsync(db, ToChangeRow(row), cancel).ConfigureAwait(false);
            await db.SaveChangesAsync(cancel).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Commands after a number. Runs and erasures are missing once they have expired.</summary>
    public async Task<IReadOnlyList<TaskCommand>> ReadAsync(
        StoreContext db, long after, long now, CancellationToken cancellationToken)
    {
        var rows = await db.Set<CommandRow>()
            .Where(c => c.Number > after
                && ((c.Kind != TaskCommandKind.RunNow && c.Kind != TaskCommandKind.Erase) || c.Expires > now))
            .Join(tasks.Rows(db), c => c.TaskId, t => t.Id, (command, task) => new { command, task.Name })
            .OrderBy(c => c.command.Number).Take(MostAtOnce).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => Mapping.ToCommand(row.command, row.Name))];
    }

    public Task<bool> TryTakeAsync(Guid command, Guid instance, CancellationToken cancellationToken) =>
        database.RunAsync(async (db, cancel) =>
        {
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            var row = Find(db, command);
            return await row.Where(c => c.TakenBy == null && c.Expires > now).ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.TakenBy, instance).SetProperty(c => c.Taken, now), cancel)
                    .ConfigureAwait(false) == 1
                || await row.AnyAsync(c => c.TakenBy == instance, cancel).ConfigureAwait(false);
        }, cancellationToken);

    public Task CompleteAsync(Guid command, TaskCommandResult result, CancellationToken cancellationToken) =>
        database.RunAsync(async (db, cancel) =>
        {
            var row = await Find(db, command).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            var isTaker = row?.TakenBy == result.Instance;
            if (row is null || (row.Kind is TaskCommandKind.RunNow && result.IsExecuted && !isTaker))
                return false;
            if (row is { Kind: TaskCommandKind.Change, Options: not null, Fingerprint: null } && result.IsExecuted)
                await AcceptAsync(db, row, cancel).ConfigureAwait(false);
            var now = await clock.GetNowAsync(db, cancel).ConfigureAwait(false);
            return await AddResultAsync(db, ToRow(command, result, now), isTaker, cancel).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>
    /// Ends the commands that lost or stopped instances have taken: another instance must not run them a second time.
    /// </summary>
    public async Task EndLostAsync(StoreContext db, long now, CancellationToken cancellationToken)
    {
        var lost = await Lost(db, tasks.Application).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var command in lost)
        {
            var result = new TaskCommandResult
            {
                Instance = command.TakenBy!.Value,
                IsExecuted = true,
                Text = $"{IterationOutcome.Interrupted} ({OutcomeReason.HostLost})",
            };
            await AddResultAsync(db, ToRow(command.Id, result, now), isTaker: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The commands whose taker has ended without a result. Few rows are in the index of those that are taken.</summary>
    public static IQueryable<CommandRow> Lost(DbContext db, string application) =>
        from command in db.Set<CommandRow>()
        where command.TakenBy != null && command.Completed == null
        join instance in db.Set<InstanceRow>() on command.TakenBy equals instance.Id
        where instance.State != InstanceState.Running && instance.Application == application
        orderby command.Number
        select command;

    private IQueryable<CommandRow> Find(StoreContext db, Guid id) => CommandLog.Find(db, tasks.Application, id);

    // The row stays locked until the commit, so a host that sees a number has seen all smaller ones.
    private static Task LockNumbersAsync(StoreContext db, CancellationToken cancellationToken) => db.Set<SchemaRow>()
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastCommand, s => s.LastCommand + 1), cancellationToken);

    private static Task<long> ReadNumberAsync(StoreContext db, CancellationToken cancellationToken) =>
        db.Set<SchemaRow>().Select(s => s.LastCommand).FirstAsync(cancellationToken);

    // The sender of the change did not have the task. By the new number, hosts that have loaded the task meanwhile read it too.
    private async Task AcceptAsync(StoreContext db, CommandRow row, CancellationToken cancellationToken)
    {
        await LockNumbersAsync(db, cancellationToken).ConfigureAwait(false);
        row.Fingerprint = await db.Set<TaskRow>().Where(t => t.Id == row.TaskId).Select(t => t.Fingerprint)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) ?? "";
        var number = await ReadNumberAsync(db, cancellationToken).ConfigureAwait(false);
        var isLast = !await db.Set<CommandRow>().AnyAsync(
            later => later.TaskId == row.TaskId && later.Kind == TaskCommandKind.Change && later.Number > row.Number
                && (later.Options == null || later.Fingerprint != null), cancellationToken).ConfigureAwait(false);
        if (isLast && await Find(db, row.Id).Where(c => c.Fingerprint == null).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Number, number).SetProperty(c => c.Fingerprint, row.Fingerprint), cancellationToken)
            .ConfigureAwait(false) == 1)
            await LoopWriter.SetChangeAsync(db, ToChangeRow(row), cancellationToken).ConfigureAwait(false);
    }

    // The first result of an instance stays. A repeated call finds it.
    private async Task<bool> AddResultAsync(
        StoreContext db, ResultRow result, bool isTaker, CancellationToken cancellationToken)
    {
        if (await db.Set<ResultRow>().AnyAsync(r => r.Application == result.Application && r.CommandId == result.CommandId
            && r.Instance == result.Instance, cancellationToken).ConfigureAwait(false))
            return false;
        result.Host = await db.Set<InstanceRow>().Where(i => i.Id == result.Instance).Select(i => i.Host)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        db.Add(result);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        if (isTaker)
        {
            await Find(db, result.CommandId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Completed, result.Ended), cancellationToken)
                .ConfigureAwait(false);
        }
        return true;
    }

    private ResultRow ToRow(Guid command, TaskCommandResult result, long now) => new()
    {
        Application = tasks.Application,
        CommandId = command,
        Instance = result.Instance,
        Ended = now,
        IsExecuted = result.IsExecuted,
        Text = StoredText.Clean(result.Text)!,
    };

    private static LoopRow ToChangeRow(CommandRow command) => command.Options is null ? new() { TaskId = command.TaskId } : new()
    {
        TaskId = command.TaskId,
        ChangeOptions = command.Options,
        ChangeFingerprint = command.Fingerprint is "" ? null : command.Fingerprint,
        ChangedSince = command.Sent,
        ChangeReason = command.Reason,
        ChangedBy = command.SentBy,
    };

    private static LoopRow ToPauseRow(TaskCommand command, int taskId, long now) =>
        command.Kind is TaskCommandKind.Resume ? new() { TaskId = taskId, KeyText = StoredText.LoopKey(command.Key) } : new()
        {
            TaskId = taskId,
            KeyText = StoredText.LoopKey(command.Key),
            PausedSince = now,
            PausedUntil = Micros.Of(command.Until),
            PauseReason = StoredText.Clean(command.Reason) ?? "Paused by hand.",
            PausedBy = StoredText.Clean(command.By, StoreTables.LongestName),
        };

    private CommandRow ToRow(TaskCommand command, int taskId, long number, long now) => new()
    {
        Application = tasks.Application,
        Id = command.Id,
        Number = number,
        TaskId = taskId,
        KeyText = command.Key is null ? null : StoredText.Key(command.Key),
        Kind = command.Kind,
        Sent = now,
        Expires = now + Micros.Of(command.ExpiresAfter),
        PausedUntil = Micros.Of(command.Until),
        Reason = StoredText.Clean(command.Reason),
        Options = StoredText.Clean(command.Options, StoreTables.LongestOptions),
        Fingerprint = StoredText.Clean(command.Fingerprint, StoreTables.LongestName),
        SentBy = StoredText.Clean(command.By, StoreTables.LongestName),
        SentFrom = command.Instance,
    };
}
