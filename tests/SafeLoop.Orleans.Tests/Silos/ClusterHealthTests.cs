using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Silos;

/// <summary>The health check of a host in a cluster.</summary>
public sealed class ClusterHealthTests : IAsyncLifetime
{
    private readonly MemoryShardStore _store = new(TimeProvider.System);
    private readonly SiloHosts _silos = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _silos.DisposeAsync();

    [Fact]
    public async Task It_is_degraded_while_the_store_does_not_answer()
    {
        var host = await _silos.StartAsync("a", services =>
        {
            services.AddRecurringTaskCluster(_store, static options => options.LeaseLength = TimeSpan.FromSeconds(1));
            services.AddRecurringTask("poll", static (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromHours(1)).InCluster();
            services.AddHealthChecks().AddRecurringTaskCluster();
        });
        await StatusIsAsync(host, HealthStatus.Healthy);

        _store.Fault = static (_, _) => StoreFault.Throws;
        await StatusIsAsync(host, HealthStatus.Degraded);

        _store.Fault = static (_, _) => StoreFault.None;
        await StatusIsAsync(host, HealthStatus.Healthy);
    }

    [Fact]
    public async Task Without_the_cluster_it_names_the_call_that_is_missing()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks().AddRecurringTaskCluster();

        var health = services.BuildServiceProvider().GetRequiredService<HealthCheckService>();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => health.CheckHealthAsync());
        Assert.Equal(
            "The health check of the cluster needs services.AddRecurringTaskCluster(…), which was not called.", error.Message);
    }

    private static Task StatusIsAsync(IHost host, HealthStatus status) => Poll.UntilAsync(async () =>
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var entry = report.Entries["recurring-task-cluster"];
        return report.Status == status ? null : $"{entry.Status}: {entry.Description}";
    });
}
