using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;
using SafeLoop.Storage;
using SafeLoop.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a host of your own into virtual time.</summary>
public static class VirtualTimeServiceCollectionExtensions
{
    /// <summary>
    /// Replaces the clock of the host, and with it everything recurring tasks wait for. Time passes when
    /// the <see cref="VirtualHost"/> that <see cref="VirtualHost.FromServices"/> returns for this host is advanced.
    /// </summary>
    /// <param name="services">The services of the host; registrations of <see cref="TimeProvider"/> made
    /// before are replaced, so call it last.</param>
    /// <param name="start">What the wall clock shows at first; null: the beginning of 2026, UTC.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example>
    /// <code>
    /// using var app = new WebApplicationFactory&lt;Program&gt;().WithWebHostBuilder(builder =&gt;
    ///     builder.ConfigureTestServices(services =&gt; services.AddVirtualTime()));
    /// var host = VirtualHost.FromServices(app.Services);
    /// await host.AdvanceAsync(TimeSpan.FromHours(1));
    /// </code>
    /// </example>
    public static IServiceCollection AddVirtualTime(this IServiceCollection services, DateTimeOffset? start = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRecurringTasks();
        services.RemoveAll<VirtualTime>().AddSingleton(provider => new VirtualTime(provider, start ?? VirtualTime.DefaultStart));
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(provider => provider.GetRequiredService<VirtualTime>().Clock));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<VirtualTime>().Pacemaker));
        services.AddKeyedSingleton<TimeProvider>(
            IRecurringTaskStore.ClockKey, (provider, _) => provider.GetRequiredService<VirtualTime>().Clock);
        services.Replace(
            ServiceDescriptor.Singleton<IStepDecorator>(provider => provider.GetRequiredService<VirtualTime>().Steps));
        services.AddSingleton<IRecurringTaskObserver>(provider => provider.GetRequiredService<VirtualTime>().Guard);
        services.AddSingleton<IRecurringTaskObserver>(provider => provider.GetRequiredService<VirtualTime>().Observer);
        return services;
    }
}
