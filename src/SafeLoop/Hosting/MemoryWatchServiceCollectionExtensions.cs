using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the watch over the heap.</summary>
public static class MemoryWatchServiceCollectionExtensions
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Watches the heap of this process, and tells before it dies of memory: when the heap is fuller than <paramref name="threshold"/> after two full collections in a row, and rising.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="threshold">The share of the heap's limit (the machine's memory, the container's, or what was set); between 0 and 1. Lower: earlier, and more often for nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    /// <remarks>
    /// Told as a warning in the log, with the command that finds the cause, as the metric <c>safeloop.memory.alerts</c>, as the event
    /// <see cref="LoopEventKind.MemoryRising"/>, and by the health check of the recurring tasks, which is degraded until the heap has been below
    /// the threshold again. It looks at what the collector has written down every five seconds, starts no collection, and is a recurring task itself, named
    /// <c>memoryWatch</c>.
    /// </remarks>
    public static IServiceCollection AddMemoryWatch(this IServiceCollection services, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (threshold is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is a share of the heap's limit, between 0 and 1.");
        if (services.Any(service => service.ServiceType == typeof(MemoryWatch)))
            return services;

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
