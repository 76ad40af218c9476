namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>A lease in memory.</summary>
internal sealed record MemoryLease(ShardJoin Join)
{
    public required DateTimeOffset Expires { get; set; }

    public bool IsLeaving { get; set; }

    public byte[]? Progress { get; set; }
}
