using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Joins the cluster when the silo is active, and leaves it before the loops and the silo stop.</summary>
/// <remarks>
/// Everything is resolved late: without a silo, most of it cannot be created, and the start-up check says so in a sentence.
/// </remarks>
internal sealed class ClusterHost(IServiceProvider services) : IHostedLifecycleService, IClusterHost
{
    private IShardCoordinator? _started;

    /// <inheritdoc/>
    public IEnumerable<string> FindProblems() =>
        ClusterRules.FindMissing(services)
            .Concat(ClusterRules.FindProblems(services.GetRequiredService<IOptions<RecurringTaskClusterOptions>>().Value));

    // All services have started, so the silo is active.
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<OrleansMembership>().Watch();
        _started = services.GetRequiredService<IShardCoordinator>();
        await _started.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (_started?.StopAsync(cancellationToken) is { } left)
            await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // cancelled: the loops must end all the same
    }

    /// <inheritdoc/>
    public void Abandon() => _started?.Abandon();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask; // the loops call LeaveAsync

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
