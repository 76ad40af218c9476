using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop;

/// <summary>
/// Reports the health of this host's part of the cluster. Degraded: it has no lease, or its last call of the store has failed.
/// Unhealthy: a shard is in quarantine.
/// </summary>
internal sealed class ClusterHealthCheck(ClusterCoordinator coordinator) : IHealthCheck
{
    private const int MostNamed = 5;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (plan, quarantined) = (coordinator.Plan, coordinator.Quarantined);
        var sentences = new List<string>();
        if (plan.View.Lease is null)
            sentences.Add("This host is not in the cluster, so it runs no loops of it.");
        if (coordinator.Problem is { } problem)
            sentences.Add(Printable.Escape(problem, Printable.LongestText));
        foreach (var (shard, losses) in quarantined.OrderBy(static closed => closed.Key.Index).Take(MostNamed))
        {
            sentences.Add($"Shard {shard.Index} of '{shard.Task}' stays closed for up to {coordinator.Options.QuarantineFor}: "
                + $"{losses} hosts in a row were lost soon after they had opened it. Look for what ends the process.");
        }
        if (quarantined.Count > MostNamed)
            sentences.Add($"{quarantined.Count - MostNamed:N0} further shards stay closed.");
        var status = quarantined.Count > 0 ? context.Registration.FailureStatus
            : sentences.Count > 0 ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        return Task.FromResult(new HealthCheckResult(
            status,
            sentences.Count == 0 ? null : string.Join(" ", sentences),
            data: new Dictionary<string, object> { ["members"] = plan.Members.Count, ["shards"] = coordinator.Owned }));
    }
}
