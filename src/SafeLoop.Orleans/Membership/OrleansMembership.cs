using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace SafeLoop;

/// <summary>The members as the membership service of Orleans reports them.</summary>
internal sealed class OrleansMembership : IClusterMembership, IDisposable
{
    private readonly IClusterMembershipService _service;
    private readonly SiloAddress _own;
    private readonly CancellationTokenSource _stop = new();
    private int _isWatching;

    public OrleansMembership(IClusterMembershipService service, ILocalSiloDetails silo, IOptions<ClusterOptions> cluster)
    {
        (_service, _own) = (service, silo.SiloAddress);
        Cluster = $"{cluster.Value.ServiceId}/{cluster.Value.ClusterId}";
        Address = _own.ToParsableString();
        Name = MemberName.Select(silo.Name, silo.DnsHostName, _own.Endpoint.Port);
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public string Cluster { get; }

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MembershipView Current
    {
        get
        {
            var snapshot = _service.CurrentSnapshot;
            var active = snapshot.Members.Values.Where(static member => member.Status is SiloStatus.Active)
                .Select(static member => member.SiloAddress.ToParsableString());
            return new(active.ToHashSet(StringComparer.Ordinal), snapshot.GetSiloStatus(_own) is SiloStatus.Dead);
        }
    }

    /// <summary>Raises <see cref="Changed"/> from now on. Later calls do nothing.</summary>
    public void Watch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
            _ = WatchAsync(_stop.Token);
    }

    public void Dispose() => _stop.Cancel(); // not disposed: the watcher may still read its token

    private async Task WatchAsync(CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await foreach (var _ in _service.MembershipUpdates.WithCancellation(stop).ConfigureAwait(false))
                Changed?.Invoke();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
