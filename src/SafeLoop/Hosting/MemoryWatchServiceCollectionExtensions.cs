using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the watch over the heap.</summary>
public static class MemoryWatchServiceCollectionExtensions
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Watches the heap of this process, and tells before it dies of memory: when the heap was fuller than <paramref name="threshold"/> at two looks in a row, each after another full collection, and rises.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="threshold">The share of the heap's limit (the machine's memory, the container's, or what was set); between 0 and 1. Lower: earlier, and more often for nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">The watch is registered already, with another threshold.</exception>
    /// <remarks>
    /// Told as a warning in the log, with the command that finds the cause, as the metric <c>safeloop.memory.alerts</c>, as the event
    /// <see cref="LoopEventKind.MemoryRising"/>, and by the health check of the recurring tasks, which is degraded until the heap has been below
    /// the threshold again. It looks every five seconds at what the collector has written down of its last full collection (of several since the last look that is the one that counts; without any
    /// it waits), starts none, and is a recurring task itself, named <c>memoryWatch</c>.
    /// </remarks>
    public static IServiceCollection AddMemoryWatch(this IServiceCollection services, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (threshold is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is a share of the heap's limit, between 0 and 1.");
        if (services.FirstOrDefault(service => service.ServiceType == typeof(MemoryThreshold))?.ImplementationInstance is MemoryThreshold registered)
            return registered.Share == threshold ? services : throw registered.IsNot(threshold);

        services.AddSingleton(new MemoryThreshold(threshold));
        services.TryAddSingleton<Func<HeapState>>(HeapState.Read);
        services.AddSingleton(provider => new MemoryWatch(threshold, provider.GetRequiredService<LoopObservers>(), provider.GetRequiredService<Func<HeapState>>()));
        services.AddRecurringTask(MemoryWatch.Name).Every(Interval).AsSingleton().Step<MemoryWatch>("look", static (watch, _, _) =>
        {
            watch.Look();
            return default(ValueTask);
        });
        return services;
    }
}
