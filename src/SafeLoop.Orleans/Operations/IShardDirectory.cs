namespace SafeLoop;

/// <summary>Which host should own which shard. Answers from memory.</summary>
internal interface IShardDirectory
{
    /// <summary>Into how many shards the keys of each task are divided.</summary>
    int ShardCount { get; }

    /// <summary>The hosts that are in the cluster.</summary>
    IReadOnlyList<ClusterMember> Members { get; }

    /// <summary>Finds a task that this host or another member has; null: none.</summary>
    ClusterTask? FindTask(string name);

    /// <summary>The names of the tasks of all members.</summary>
    IEnumerable<string> TaskNames { get; }

    /// <summary>Finds the host to which the placement assigns a shard; null: none that is known.</summary>
    ClusterMember? FindOwner(ShardId shard);

    /// <summary>Finds the host that has a lease; null: it is not live.</summary>
    ClusterMember? FindMember(long lease);

    /// <summary>Called when another host has given shards away. They are read soon.</summary>
    void OnNotified();

    /// <summary>Gives all shards away and takes none, until <see cref="RejoinAsync"/> is called.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Takes shards again.</summary>
    Task RejoinAsync(CancellationToken cancellationToken);
}
