using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

internal static class ClusterVerb
{
    /// <summary>Puts a task into a cluster, as the verb of the cluster package does.</summary>
    public static TBuilder InCluster<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.InCluster = true);
}
