namespace SafeLoop;

/// <summary>How the loops of the tasks with <c>InCluster</c> are spread over the hosts.</summary>
public sealed class RecurringTaskClusterOptions
{
    /// <summary>
    /// Into how many shards the keys of each task are divided. It is the same on all hosts, and cannot be changed later. The
    /// default is 1,024, which suits up to about 100 hosts.
    /// </summary>
    public int ShardCount { get; set; } = 1024;

    /// <summary>
    /// How long a host that has failed keeps its shards. Each host renews its lease at each third of it, and survives an outage
    /// of the store of about half of it. The default is 4 seconds.
    /// </summary>
    public TimeSpan LeaseLength { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long the members must have been the same before shards move to a host that has joined. The default is 2 seconds.
    /// </summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long running iterations may go on when their shard moves; then they are cancelled. The default is 1 second.
    /// </summary>
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many shards this host opens at the same time. The default is 64.</summary>
    public int OpeningBudget { get; set; } = 64;

    /// <summary>
    /// After how many owners in a row that were lost soon after they had opened a shard it stays closed for
    /// <see cref="QuarantineFor"/>. The default is 3.
    /// </summary>
    public int QuarantineAfter { get; set; } = 3;

    /// <summary>How long a shard stays closed in quarantine. The default is 10 minutes.</summary>
    public TimeSpan QuarantineFor { get; set; } = TimeSpan.FromMinutes(10);
}
