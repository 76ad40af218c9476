namespace SafeLoop;

/// <summary>Names a shard in an <see cref="IShardStore"/>.</summary>
/// <param name="Task">The name of the task.</param>
/// <param name="Index">Which of its shards it is, from 0. An ordinary task has the shard 0 alone.</param>
public readonly record struct ShardId(string Task, int Index);
