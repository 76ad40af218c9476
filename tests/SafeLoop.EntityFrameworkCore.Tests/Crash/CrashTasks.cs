using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>The three tasks that are killed: cron, interval, and cron under a lock. No two have a slot at one time.</summary>
internal static class CrashTasks
{
    public const string Cron = "cron", Interval = "interval", Locked = "locked";

    /// <summary>The period of each task.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan> Periods = new Dictionary<string, TimeSpan>
    {
        [Cron] = TimeSpan.FromSeconds(20),
        [Interval] = TimeSpan.FromSeconds(15),
        [Locked] = TimeSpan.FromSeconds(20),
    };

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    /// <summary>The time-out that the change sets.</summary>
    public static readonly TimeSpan Changed = TimeSpan.FromSeconds(30);

    public static void Register(
        IServiceCollection services, CrashPlan plan, Func<Iteration, CancellationToken, ValueTask> step)
    {
        services.AddRecurringTask(Cron, step).Cron("13/20 * * * * *").SurviveRestarts(plan.Window).OnMissed(plan.Missed);
        services.AddRecurringTask(Interval, step).Every(Periods[Interval]).SurviveRestarts(plan.Window).OnMissed(plan.Missed);
        services.AddRecurringTask(Locked, step).Cron("7/20 * * * * *").SurviveRestarts(plan.Window).OnMissed(plan.Missed)
            .WithLock("crash", atMostFor: Lease).RequireFencing();
    }
}
