namespace SafeLoop;

/// <summary>A request from one host of the cluster to another.</summary>
/// <remarks>
/// Hosts of several versions understand each other: a number of a property is never used for another one, and an unknown
/// operation gets a reply that says so.
/// </remarks>
[GenerateSerializer, Alias("SafeLoop.MemberRequest"), Immutable]
internal sealed record MemberRequest
{
    /// <summary>One of the constants of <see cref="MemberOperation"/>.</summary>
    [Id(0)]
    public required string Operation { get; init; }

    /// <summary>The name of the task.</summary>
    [Id(1)]
    public string Task { get; init; } = "";

    /// <summary>The exact text of the key; null for an ordinary task.</summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>Why, for operations that have a reason.</summary>
    [Id(3)]
    public string? Reason { get; init; }

    /// <summary>Who requests it, for operations that have a reason.</summary>
    [Id(4)]
    public string? By { get; init; }

    /// <summary>The end of a pause, or the instant to explain.</summary>
    [Id(5)]
    public DateTimeOffset? Instant { get; init; }

    /// <summary>Identifies a run across requests.</summary>
    [Id(6)]
    public Guid Run { get; init; }
}
