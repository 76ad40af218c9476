using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>The session of the registered store.</summary>
internal sealed class StoreAccess(IServiceProvider services, Pacemaker pacemaker, LoopObservers observers)
{
    /// <summary>Null when no store is registered.</summary>
    public StoreSession? Session { get; } = services.GetService<IRecurringTaskStore>() is { } store
        ? new StoreSession(
            store,
            pacemaker,
            observers,
            NameOfApplication(services),
            services.GetService<StoreRetention>() ?? new StoreRetention(),
            services.GetRequiredService<HostSampler>())
        : null;

    private static string NameOfApplication(IServiceProvider services) =>
        services.GetService<IHostEnvironment>()?.ApplicationName is { Length: > 0 } name
            ? name
            : AppDomain.CurrentDomain.FriendlyName;
}
