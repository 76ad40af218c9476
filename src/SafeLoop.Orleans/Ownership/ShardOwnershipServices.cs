using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace SafeLoop;

internal static class ShardOwnershipServices
{
    /// <summary>
    /// Adds what decides about shards: <see cref="IShardCoordinator"/> and <see cref="IShardDirectory"/>. It needs an
    /// <see cref="IShardStore"/>, an <see cref="IClusterMembership"/> and an <see cref="IMemberLink"/>.
    /// </summary>
    public static IServiceCollection AddShardOwnership(this IServiceCollection services)
    {
        services.AddSingleton(static provider => new ClusterCoordinator(
            provider.GetRequiredService<IShardStore>(),
            provider.GetRequiredService<IClusterMembership>(),
            provider.GetRequiredService<IMemberLink>(),
            provider.GetRequiredService<IRecurringTaskShards>(),
            provider.GetRequiredService<Pacemaker>(),
            provider.GetRequiredService<IOptions<RecurringTaskClusterOptions>>().Value,
            provider.GetService<ILoggerFactory>()?.CreateLogger("SafeLoop.Cluster") ?? (ILogger)NullLogger.Instance));
        services.AddSingleton<IShardCoordinator>(static provider => provider.GetRequiredService<ClusterCoordinator>());
        services.AddSingleton<IShardDirectory, ClusterDirectory>();
        return services;
    }
}
