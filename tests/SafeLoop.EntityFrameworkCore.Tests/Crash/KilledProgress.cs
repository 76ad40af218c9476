using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What killed processes have written so far.</summary>
internal sealed record KilledProgress
{
    /// <summary>The ids of the processes that have connected.</summary>
    public required HashSet<int> Connected { get; init; }

    /// <summary>The ids of the processes that have claimed a slot, and not recorded its outcome.</summary>
    public required HashSet<int> Working { get; init; }

    /// <summary>How many slots have an outcome.</summary>
    public required int Slots { get; init; }

    /// <summary>What is missing before the end of the log, in words; null: nothing.</summary>
    public required string? Missing { get; init; }

    /// <summary>Reads it, and adds what comes first to the log.</summary>
    public static async Task<KilledProgress> ReadAsync(CrashDatabase database, CrashLog log)
    {
        foreach (var (task, slot) in await database.ReadLastSlotsAsync())
            log.FirstSlots.TryAdd(task, slot);
        return await database.ReadAsync(async db => new KilledProgress
        {
            Connected = await db.Set<InstanceRow>().Where(i => i.State == InstanceState.Running).Select(i => i.ProcessId)
                .ToHashSetAsync(),
            Working = await db.Set<ClaimRow>()
                .Join(db.Set<InstanceRow>(), c => c.Instance, i => i.Number, (_, i) => i.ProcessId).ToHashSetAsync(),
            Slots = await db.Set<HistoryRow>().CountAsync(row => row.IsManual != true),
            Missing = await FindMissingAsync(db, log),
        });
    }

    private static async Task<string?> FindMissingAsync(DbContext db, CrashLog log)
    {
        if (await db.Set<ClaimRow>().AnyAsync(claim => claim.Slot <= log.End))
            return "the outcomes of claimed slots";
        if (await db.Set<CommandRow>().AnyAsync(row => row.Kind == TaskCommandKind.RunNow && row.Completed == null))
            return "the results of runs by hand";
        var complete = await db.Set<HistoryRow>().Where(row => row.IsManual != true && row.Slot > log.End)
            .Select(row => row.TaskId).Distinct().CountAsync();
        return complete < CrashTasks.Periods.Count ? "the outcomes of the last slots" : null;
    }
}
