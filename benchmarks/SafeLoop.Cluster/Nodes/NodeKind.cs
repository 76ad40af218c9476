namespace SafeLoop.Cluster.Nodes;

/// <summary>What a process runs.</summary>
internal enum NodeKind
{
    /// <summary>A silo of the cluster, with the loops of its shards.</summary>
    Silo,

    /// <summary>A silo and nothing else.</summary>
    IdleSilo,

    /// <summary>A silo with a grain per key, each with a timer of Orleans.</summary>
    Grains,

    /// <summary>SafeLoop without a cluster.</summary>
    OneProcess,
}
