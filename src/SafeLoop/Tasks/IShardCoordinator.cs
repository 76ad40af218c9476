namespace SafeLoop;

/// <summary>Registered by what decides which host runs which shard. Without one, no task may be in a cluster.</summary>
internal interface IShardCoordinator;
