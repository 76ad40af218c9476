namespace SafeLoop;

/// <summary>How far a shard has come that is open on this host.</summary>
/// <param name="TaskName">The name of the task.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The number of the ownership.</param>
/// <param name="Watermark">All slots of its loops until then have run or were recorded; null: unknown.</param>
/// <param name="Exceptions">
/// Changes when a key ends, is paused or resumed, or is added or removed by hand, so that the durable row of these keys is
/// written only then. Zero: there are none.
/// </param>
public readonly record struct ShardProgress(
    string TaskName, KeyShard Shard, long Epoch, DateTimeOffset? Watermark, ulong Exceptions);
