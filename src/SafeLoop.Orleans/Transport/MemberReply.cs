namespace SafeLoop;

/// <summary>The reply of a host to a <see cref="MemberRequest"/>.</summary>
[GenerateSerializer, Alias("SafeLoop.MemberReply"), Immutable]
internal sealed record MemberReply
{
    /// <summary>What became of the request.</summary>
    [Id(0)]
    public required MemberReplyKind Kind { get; init; }

    /// <summary>The result as JSON; null: the operation has none.</summary>
    [Id(1)]
    public string? Value { get; init; }

    /// <summary>The type of the exception, see <see cref="MemberFault"/>; null unless the request has failed.</summary>
    [Id(2)]
    public string? FaultType { get; init; }

    /// <summary>The message of the exception, or why the host cannot execute the request.</summary>
    [Id(3)]
    public string? Message { get; init; }
}
