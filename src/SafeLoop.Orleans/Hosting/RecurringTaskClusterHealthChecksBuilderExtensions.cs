using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of the cluster.</summary>
public static class RecurringTaskClusterHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of this host's part of the cluster. <c>AddRecurringTasks</c> checks the loops.</summary>
    /// <param name="builder">The health checks of a host with <c>AddRecurringTaskCluster</c>.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">The status to report instead of unhealthy; null: unhealthy.</param>
    /// <param name="tags">Tags to select checks by; null: none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// Unhealthy: a shard is in quarantine, because its owners were lost again and again. Degraded: this host has no lease, or
    /// the store does not answer. Do not restart a host for that: its loops run elsewhere, or go on when the store answers.
    /// </remarks>
    public static IHealthChecksBuilder AddRecurringTaskCluster(
        this IHealthChecksBuilder builder,
        string name = "recurring-task-cluster",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new ClusterHealthCheck(
                services.GetService<ClusterCoordinator>() ?? throw new InvalidOperationException(
                    "The health check of the cluster needs services.AddRecurringTaskCluster(…), which was not called.")),
            failureStatus,
            tags));
    }
}
