namespace SafeLoop;

/// <summary>The renewal of a lease, and what is stored with it.</summary>
public sealed record ShardRenewal
{
    /// <summary>The lease.</summary>
    public required long Lease { get; init; }

    /// <summary>How far the shards of the lease have come, opaque to the store; null: leaves what is stored.</summary>
    public byte[]? Progress { get; init; }

    /// <summary>True: the host gives its shards away, and other hosts must not give it any.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The greatest lease whose details the host knows. Members up to it are read without their details.</summary>
    public long KnownUpTo { get; init; }
}
