using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

internal static class OrdinaryTask
{
    /// <summary>Adds an ordinary task to a host, every 5 seconds, that records its runs.</summary>
    public static void Add(IServiceCollection services, string task, string host, Tick.Journal journal) => services
        .AddRecurringTask(task, (Iteration iteration, CancellationToken _) =>
        {
            journal.Add(new(
                host, 0, iteration.Slot, iteration.Number, iteration.ConsecutiveFailures, iteration.FencingToken));
            return ValueTask.CompletedTask;
        })
        .Every(TimeSpan.FromSeconds(5)).OnMissed(MissedSlots.RunAll).InCluster();
}
