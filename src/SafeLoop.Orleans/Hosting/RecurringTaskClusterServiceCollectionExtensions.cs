using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Serialization;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Spreads the loops of the tasks with <c>InCluster</c> over the silos of an Orleans cluster.</summary>
public static class RecurringTaskClusterServiceCollectionExtensions
{
    /// <summary>Makes this silo run its share of the loops of the tasks with <c>InCluster</c>.</summary>
    /// <param name="services">The services of a host with a silo (<c>UseOrleans</c>), which may be added later.</param>
    /// <param name="store">
    /// Where the cluster stores which silo owns which loops, for instance a <c>PostgresShardStore</c> or <c>RedisShardStore</c>.
    /// </param>
    /// <param name="configure">Changes the options, which must be the same on all silos.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// <para>
    /// Silos that do not call it are left alone, so it can be added to a cluster silo by silo. A task runs on the silos that
    /// register it. Call it once; a later call replaces the store and changes the options further.
    /// </para>
    /// <para>
    /// A silo whose name survives a restart gets its former loops back: the name that you have set
    /// (<c>SiloOptions.SiloName</c>, which Orleans on Kubernetes sets to the name of the pod), or else its host name and port.
    /// With a StatefulSet both are stable.
    /// </para>
    /// </remarks>
    /// <example><code>
    /// builder.UseOrleans(silo =&gt; silo.UseRedisClustering("localhost"));
    /// builder.Services.AddRecurringTaskCluster(new PostgresShardStore(dataSource, "shop"));
    /// builder.Services.AddRecurringTask&lt;UpdateDevice, int&gt;().Every(TimeSpan.FromSeconds(10)).KeysFrom(…).InCluster();
    /// </code></example>
    public static IServiceCollection AddRecurringTaskCluster(
        this IServiceCollection services, IShardStore store, Action<RecurringTaskClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return services.AddRecurringTaskCluster(_ => store, configure);
    }

    /// <param name="services">The services of a host with a silo (<c>UseOrleans</c>), which may be added later.</param>
    /// <param name="store">Creates the store. It is called once, and the store is disposed with the host.</param>
    /// <param name="configure">Changes the options, which must be the same on all silos.</param>
    /// <inheritdoc cref="AddRecurringTaskCluster(IServiceCollection, IShardStore, Action{RecurringTaskClusterOptions})"/>
    public static IServiceCollection AddRecurringTaskCluster(
        this IServiceCollection services,
        Func<IServiceProvider, IShardStore> store,
        Action<RecurringTaskClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(store);
        services.Configure(configure ?? (static _ => { }));
        services.Replace(ServiceDescriptor.Singleton(store));
        if (services.Any(static service => service.ServiceType == typeof(IClusterHost)))
            return services;

        services.AddRecurringTasks();
        services.AddSerializer(static serializer => serializer.AddAssembly(typeof(MemberRequest).Assembly));
        services.AddGrainService<MemberService>();
        services.AddSingleton<ClusterHost>();
        services.AddSingleton<IClusterHost>(static provider => provider.GetRequiredService<ClusterHost>());
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ClusterHost>());
        services.AddSingleton<OrleansMembership>();
        services.AddSingleton<IClusterMembership>(static provider => provider.GetRequiredService<OrleansMembership>());
        services.AddSingleton<OrleansMemberLink>();
        services.AddSingleton<IMemberLink>(static provider => provider.GetRequiredService<OrleansMemberLink>());
        services.AddSingleton<IMemberCalls>(static provider => provider.GetRequiredService<OrleansMemberLink>());
        services.AddShardOwnership();
        services.AddSingleton<RequestedRuns>();
        services.AddSingleton<IMemberRequests, OwnLoops>();
        services.AddSingleton<OperationRouter>();
        services.AddSingleton<IRecurringTaskCluster, RecurringTaskCluster>();
        return services;
    }
}
