namespace SafeLoop;

/// <summary>How the loops of the tasks with <c>InCluster</c> are spread over the hosts.</summary>
public sealed class RecurringTaskClusterOptions
{
    /// <summary>
    /// Into how many shards the keys of each task are divided, from 1 to 65,536. It is the same on all hosts, and cannot be
    /// changed while the store has shards. The default is 1,024, which suits up to about 100 hosts.
    /// </summary>
    /// <remarks>
    /// More shards spread keys more evenly over many hosts, and fewer keys pause when one moves. Fewer shards need fewer calls of
    /// the store when a host is lost.
    /// </remarks>
    public int ShardCount { get; set; } = 1024;

    /// <summary>
    /// How long a host that has failed keeps its shards, from 1 second to 10 minutes. Each host renews its lease at each third of
    /// it. The default is 4 seconds.
    /// </summary>
    /// <remarks>
    /// A longer lease survives a longer outage of the store, about half of it, and needs fewer calls. A shorter one replaces a
    /// lost host sooner.
    /// </remarks>
    public TimeSpan LeaseLength { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long the members must have been the same before shards move to a host that has joined, from zero to 10 minutes. The
    /// default is 2 seconds. A lost host is replaced without this delay.
    /// </summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long running iterations may go on when their shard moves, from zero to 10 minutes; then they are cancelled. The
    /// default is 1 second. The loops of the shard wait for the slowest of them.
    /// </summary>
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many shards this host opens or closes at the same time; at least 1. The default is 64.</summary>
    public int OpeningBudget { get; set; } = 64;

    /// <summary>
    /// How many owners in a row must be lost soon after they have opened a shard, within 10 leases, until the shard stays closed
    /// for <see cref="QuarantineFor"/>; at least 1. The default is 3.
    /// </summary>
    public int QuarantineAfter { get; set; } = 3;

    /// <summary>How long a shard stays closed in quarantine; positive. The default is 10 minutes.</summary>
    public TimeSpan QuarantineFor { get; set; } = TimeSpan.FromMinutes(10);
}
