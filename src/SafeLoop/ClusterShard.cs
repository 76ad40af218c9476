namespace SafeLoop;

/// <summary>A shard of a task in the cluster: who owns it since when, and why it moved last.</summary>
public sealed record ClusterShard
{
    /// <summary>The name of the task.</summary>
    public required string TaskName { get; init; }

    /// <summary>Which of the shards of the task it is, from 0. An ordinary task has the shard 0 alone.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// The number of the ownership, which grows with each owner. Iterations without a lock have it as
    /// <see cref="Iteration.FencingToken"/>.
    /// </summary>
    public required long Epoch { get; init; }

    /// <summary>The name of the last owner; null: it has given the shard away, and no host has taken it yet.</summary>
    public string? Owner { get; init; }

    /// <summary>True while the lease of <see cref="Owner"/> is live. False: the shard waits for a host that takes it.</summary>
    public bool IsOwned { get; init; }

    /// <summary>When the owner took it, or gave it away, by the clock of the store.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The name of the owner before; null: there was none, or it is not known any more.</summary>
    public string? Previous { get; init; }

    /// <summary>
    /// Why it moved last. True: the owner before was lost, so its loops went on at a watermark. False: it has handed the loops
    /// over with their state, or there was none.
    /// </summary>
    public bool WasLost { get; init; }

    /// <summary>How many owners in a row were lost. A shard whose owners are lost again and again is put in quarantine.</summary>
    public int Losses { get; init; }
}
