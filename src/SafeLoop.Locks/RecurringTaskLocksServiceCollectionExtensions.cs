using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes <c>WithLock</c> a lock across machines.</summary>
public static class RecurringTaskLocksServiceCollectionExtensions
{
    /// <summary>
    /// Replaces the locks of the host by those of the registered <see cref="IDistributedLockProvider"/>, fenced by the registered
    /// <see cref="IFenceStore"/>.
    /// </summary>
    /// <param name="services">The application's services. Without an <see cref="IFenceStore"/> among them, leases have no fencing
    /// token (0) and slots are not recorded.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// The lock's name is given to the provider as it is, so other code can exclude a task by taking the lock of that name.
    /// </remarks>
    public static IServiceCollection AddRecurringTaskLocks(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.Replace(ServiceDescriptor.Singleton<ILoopLockProvider>(provider => new DistributedLocks(
            provider.GetService<IDistributedLockProvider>() ?? throw new InvalidOperationException(
                "AddRecurringTaskLocks needs an IDistributedLockProvider, and none is registered. Register one, for instance "
                + "services.AddSingleton<IDistributedLockProvider>(new PostgresDistributedSynchronizationProvider(…)), "
                + "or give it to AddRecurringTaskLocks."),
            provider.GetService<IFenceStore>(),
            provider.GetRequiredService<TimeProvider>())));
    }

    /// <summary>Replaces the locks of the host by those of a back-end of DistributedLock.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="locks">The back-end.</param>
    /// <param name="fences">Numbers the holders, in the same back-end; null: leases have no fencing
    /// token (0) and slots are not recorded.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddRecurringTaskLocks(
        this IServiceCollection services, IDistributedLockProvider locks, IFenceStore? fences = null)
    {
        services.AddSingleton(locks);
        if (fences is not null)
            services.AddSingleton(fences);
        return services.AddRecurringTaskLocks();
    }
}
