namespace SafeLoop;

/// <summary>Executes the requests that this host receives.</summary>
internal interface IMemberRequests
{
    /// <summary>Executes a request, and replies within a few seconds. Never throws.</summary>
    Task<MemberReply> ExecuteAsync(MemberRequest request);
}
