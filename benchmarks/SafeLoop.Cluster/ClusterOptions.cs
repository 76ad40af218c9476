namespace SafeLoop.Cluster;

/// <summary>What is measured.</summary>
/// <param name="Keys">The number of keys of the cluster. One process, and the silo with a grain per key, have a third.</param>
/// <param name="Shards">The number of shards.</param>
/// <param name="Runs">The figures are medians of so many runs.</param>
/// <param name="Window">How long the steady state is measured.</param>
/// <param name="Parts">The ids of what is measured.</param>
internal sealed record ClusterOptions(int Keys, int Shards, int Runs, TimeSpan Window, IReadOnlyList<string> Parts)
{
    public const int Silos = 3;

    public static readonly TimeSpan Lease = new RecurringTaskClusterOptions().LeaseLength;

    public int KeysOfOne => Keys / Silos;
}
