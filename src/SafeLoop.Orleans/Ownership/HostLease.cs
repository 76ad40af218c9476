namespace SafeLoop;

/// <summary>The lease of this host: its number in the store, and what this host can prove of it.</summary>
/// <param name="Number">Its number in the store.</param>
/// <param name="Local">Tells whether it is valid.</param>
internal sealed record HostLease(long Number, ShardLease Local);
