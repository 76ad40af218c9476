using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What the database has at the end of a scenario.</summary>
internal sealed record CrashFacts
{
    /// <summary>The names of the tasks by their ids.</summary>
    public required IReadOnlyDictionary<int, string> Tasks { get; init; }

    /// <summary>In the order of the slots.</summary>
    public required IReadOnlyList<HistoryRow> History { get; init; }

    public required IReadOnlyList<LoopRow> Loops { get; init; }

    public required IReadOnlyList<TotalRow> Totals { get; init; }

    public required IReadOnlyList<InstanceRow> Instances { get; init; }

    public required IReadOnlyList<CommandRow> Commands { get; init; }

    public required IReadOnlyList<ResultRow> Results { get; init; }

    public required IReadOnlyList<ClaimRow> Claims { get; init; }

    public required IReadOnlyList<StepRow> Steps { get; init; }

    public static Task<CrashFacts> ReadAsync(CrashDatabase database) => database.ReadAsync(async db => new CrashFacts
    {
        Tasks = await db.Set<TaskRow>().ToDictionaryAsync(task => task.Id, task => task.Name),
        History = await db.Set<HistoryRow>().OrderBy(row => row.Slot).ThenBy(row => row.Id).ToListAsync(),
        Loops = await db.Set<LoopRow>().ToListAsync(),
        Totals = await db.Set<TotalRow>().ToListAsync(),
        Instances = await db.Set<InstanceRow>().OrderBy(row => row.Number).ToListAsync(),
        Commands = await db.Set<CommandRow>().OrderBy(row => row.Number).ToListAsync(),
        Results = await db.Set<ResultRow>().ToListAsync(),
        Claims = await db.Set<ClaimRow>().ToListAsync(),
        Steps = await GuardedTable.ReadAsync(db),
    });

    /// <summary>How many effects were accepted.</summary>
    public long Effects => Steps.Count(step => step.Kind is StepKind.Accepted);

    /// <summary>The outcomes of the schedule of a task.</summary>
    public IEnumerable<HistoryRow> SlotsOf(string task) =>
        History.Where(row => row.IsManual is not true && Tasks[row.TaskId] == task);

    public IEnumerable<StepRow> StepsOf(string task, StepKind kind) =>
        Steps.Where(step => step.Task == task && step.Kind == kind);

    /// <summary>How many slots of all tasks ended in which outcome, for people.</summary>
    public string CountOutcomes() => string.Join(", ", History.Where(row => row.IsManual is not true)
        .GroupBy(row => row.Reason is OutcomeReason.None ? $"{row.Outcome}" : $"{row.Reason}")
        .Select(group => $"{group.Sum(row => row.Slots ?? 1)} {group.Key}").Order());

    /// <summary>All of it, for people.</summary>
    public override string ToString() => string.Join(Environment.NewLine,
        [
            .. History.Select(row => $"    {Tasks[row.TaskId],-8} {Time(row.FirstSlot ?? row.Slot)} to {Time(row.Slot)} "
                + $"×{row.Slots ?? 1} {row.Outcome} {row.Reason}{(row.IsManual is true ? " by hand" : "")} of {row.Instance}"),
            .. Steps.Select(step => $"    {step.Task,-8} {Time(step.Slot)} {step.Kind} by {step.Life} at {Time(step.At)}"),
            .. Instances.Select(row => $"    instance {row.Number} {row.State}, heartbeat {Time(row.Heartbeat)}"),
            .. Commands.Select(row => $"    command {row.Number} {row.Kind} {Tasks[row.TaskId]}: "
                + $"taken {row.Taken}, completed {row.Completed}"),
        ]);

    public static string Time(long micros) => $"{Micros.ToInstant(micros):HH:mm:ss.f}";
}
