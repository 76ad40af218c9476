namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The server of stores in memory: its clock, what is stored for each application, and its defect.</summary>
internal sealed class MemoryShards(ShardStoreDefect? defect)
{
    private readonly Dictionary<string, MemoryCluster> _clusters = [];

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public bool Has(ShardStoreDefect one) => defect == one;

    public MemoryCluster Of(string application)
    {
        var name = Has(ShardStoreDefect.ApplicationsAreMixed) ? "" : application;
        lock (_clusters)
        {
            if (!_clusters.TryGetValue(name, out var cluster))
                _clusters.Add(name, cluster = new());
            return cluster;
        }
    }
}
