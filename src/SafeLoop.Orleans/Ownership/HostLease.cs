namespace SafeLoop;

/// <summary>The lease of this host.</summary>
/// <param name="Number">Its number in the store.</param>
/// <param name="Local">What this host can prove of it.</param>
internal sealed record HostLease(long Number, ShardLease Local);
