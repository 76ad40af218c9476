using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the memory watch.</summary>
public static class MemoryWatchServiceCollectionExtensions
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Watches the heap of this process and warns before it runs out of memory: when the heap was above
    /// <paramref name="threshold"/> after two full collections in a row, and has grown.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="threshold">
    /// The share of the heap's limit (the memory of the machine or container, or the configured limit), between 0 and 1. Lower:
    /// earlier warnings, but more false ones.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">The watch is already registered with another threshold.</exception>
    /// <remarks>
    /// The warning is a log line with the command that finds the cause, the metric <c>safeloop.memory.alerts</c>, and the event
    /// <see cref="LoopEventKind.MemoryRising"/>. The health check of the recurring tasks is degraded until the heap is below
    /// the threshold again. The watch samples the GC every five seconds: it reads the garbage collector's data about the last
    /// full collection, and never starts one. Without a new full collection it waits. It is a recurring task itself, named
    /// <c>memoryWatch</c>.
    /// </remarks>
    public static IServiceCollection AddMemoryWatch(this IServiceCollection services, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (threshold is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(threshold), threshold, "The threshold is a share of the heap's limit, between 0 and 1.");
        var first = services.FirstOrDefault(service => service.ServiceType == typeof(MemoryThreshold));
        if (first?.ImplementationInstance is MemoryThreshold registered)
            return registered.Share == threshold ? services : throw registered.IsNot(threshold);

        services.AddSingleton(new MemoryThreshold(threshold));
        services.AddSingleton(provider => new MemoryWatch(
            threshold, provider.GetRequiredService<LoopObservers>(), provider.GetRequiredService<Func<HeapState>>()));
        var task = services.AddRecurringTask(MemoryWatch.Name).Every(Interval).AsSingleton();
        task.Step<MemoryWatch>("look", static (watch, _, _) =>
        {
            watch.Check();
            return default(ValueTask);
        });
        return services;
    }
}
