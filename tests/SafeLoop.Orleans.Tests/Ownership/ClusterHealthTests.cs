using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Tests.Ownership;

public class ClusterHealthTests
{
    [Fact]
    public async Task A_host_in_the_cluster_is_healthy()
    {
        using var cluster = Create();
        var a = cluster.Start("a");
        cluster.Advance(5);

        var result = await Check(a);
        Assert.Equal((HealthStatus.Healthy, null), (result.Status, result.Description));
        Assert.Equal((1, 16), (result.Data["members"], result.Data["shards"]));
    }

    [Fact]
    public async Task A_host_whose_store_fails_is_degraded_until_it_works()
    {
        using var cluster = Create();
        var a = cluster.Start("a");
        cluster.Advance(5);
        cluster.Store.Fault = static (_, _) => StoreFault.Throws;
        cluster.Advance(5);

        var result = await Check(a);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal(
            "This host is not in the cluster, so it runs no loops of it. StoreIsDownException: The store is down, on purpose.",
            result.Description);

        cluster.Store.Fault = static (_, _) => StoreFault.None;
        cluster.Advance(5);
        Assert.Equal(HealthStatus.Healthy, (await Check(a)).Status);
    }

    [Fact]
    public async Task A_shard_in_quarantine_is_unhealthy()
    {
        using var cluster = Create();
        cluster.Options.QuarantineAfter = 1;
        var a = cluster.Start("a");
        cluster.Advance(5);
        a.Kill();
        var b = cluster.Start("b");
        cluster.Advance(10);

        var result = await Check(b);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.StartsWith(
            "Shard 0 of 'tick' stays closed for up to 00:10:00: 1 hosts in a row were lost soon after they had opened it.",
            result.Description,
            StringComparison.Ordinal);
        Assert.EndsWith("11 further shards stay closed.", result.Description, StringComparison.Ordinal);
        Assert.Equal(16, b.Logged("ShardQuarantined").Length);
    }

    private static Task<HealthCheckResult> Check(TestHost host)
    {
        var check = new ClusterHealthCheck(host.Coordinator);
        return check.CheckHealthAsync(new() { Registration = new("cluster", check, HealthStatus.Unhealthy, null) });
    }

    private static TestCluster Create() => new(static task => task.Every(TimeSpan.FromSeconds(5)));
}
