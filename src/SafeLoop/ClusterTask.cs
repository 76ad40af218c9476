namespace SafeLoop;

/// <summary>A task of this host that is in the cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsKeyed">True when its keys are divided into shards. An ordinary task is one shard.</param>
/// <param name="Schedule">Its schedule in words. A host with another schedule plans its loops again.</param>
public sealed record ClusterTask(string Name, bool IsKeyed, string Schedule);
