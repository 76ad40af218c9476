using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Spreads the loops of a task over a cluster.</summary>
public static class RecurringTaskClusterExtensions
{
    /// <summary>
    /// Runs each loop of the task on exactly one silo of the cluster. It moves with its state when silos come and go. An ordinary
    /// task has one loop, a keyed task one per key.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task. Register it on each silo that may run its loops.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Needs <c>AddRecurringTaskCluster</c>, and cannot be combined with <c>SurviveRestarts</c>. The slots of <c>Every</c> are
    /// the same on all machines: they count from a fixed instant, not from the start of the process. After a crash, slots since
    /// the last progress (about a third of <see cref="RecurringTaskClusterOptions.LeaseLength"/>) may be attempted twice;
    /// <c>WithLock</c> prevents that.
    /// </remarks>
    public static TBuilder InCluster<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder
    {
        RecurringTaskBuilder.From(builder).Configure(static options => options.InCluster = true);
        return builder;
    }
}
