using SafeLoop.Scale.Engines.ByHand;
using SafeLoop.Scale.Engines.Peers;
using SafeLoop.Scale.Engines.SafeLoops;

namespace SafeLoop.Scale.Engines;

/// <summary>All that are compared.</summary>
internal static class EngineCatalog
{
    public const string Keyed = "keyed", Named = "named", Periodic = "periodic-timer", Delay = "task-delay";
    public const string BarePeriodic = "periodic-timer-bare";
    public const string Quartz = "quartz", QuartzBatched = "quartz-batched", Hangfire = "hangfire", Coravel = "coravel";

    /// <summary>Named tasks again, registered before the host starts; only for start-up and size.</summary>
    public const string Registered = "named-registered";

    public static readonly IReadOnlyList<EngineKind> All =
    [
        new(Keyed, "SafeLoop keyed", load => new KeyedLoops(load)),
        new(Named, "SafeLoop named", load => new NamedTasks(load),
            Note: "each with a handle, a history and its name, added with `IRecurringTasks.Add`"),
        new(Periodic, "`PeriodicTimer`", load => new PeriodicTimerLoops(load),
            Note: "`while (await timer.WaitForNextTickAsync(stoppingToken))` and a `try`; no supervision"),
        new(BarePeriodic, "`PeriodicTimer`, barest", load => new BarePeriodicTimerLoops(load),
            Note: "`while (await timer.WaitForNextTickAsync())` without a token and without a `try`: nothing can stop it"),
        new(Delay, "`Task.Delay`", load => new TaskDelayLoops(load),
            Note: "`await Task.Delay(period, stoppingToken)` in a `while`, and a `try`; no supervision, and it drifts"),
        new(Quartz, "Quartz", load => new QuartzJobs(load, batch: 1), IsPeer: true,
            "RAMJobStore, one job and one simple trigger each"),
        new(QuartzBatched, "Quartz, batches of 10", load => new QuartzJobs(load, batch: 10), IsPeer: true,
            "the same with `MaxBatchSize = 10`, which its documentation measured to be faster for triggers that repeat"),
        new(Hangfire, "Hangfire", load => new HangfireJobs(load), IsPeer: true,
            "in-memory storage, polled every second, slots at whole seconds, finished jobs kept for 10 s; "
            + "late modulo the period"),
        new(Coravel, "Coravel", load => new CoravelSchedules(load), IsPeer: true,
            "cannot spread: all loops are due in the same second of every period; late modulo the period"),
    ];

    private static readonly EngineKind RegisteredKind =
        new(Registered, "SafeLoop named, registered", load => new RegisteredTasks(load),
            Note: "registered with `AddRecurringTask` before the host starts");

    public static EngineKind Find(string id) => id == Registered ? RegisteredKind : All.Single(engine => engine.Id == id);
}
