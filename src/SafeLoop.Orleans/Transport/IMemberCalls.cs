namespace SafeLoop;

/// <summary>Sends requests to other hosts of the cluster.</summary>
internal interface IMemberCalls
{
    /// <summary>Sends a request, and waits for its reply for a limited time.</summary>
    /// <param name="address">The address of the host.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting. The host may execute the request all the same.</param>
    /// <exception cref="MemberUnreachableException">
    /// The host has not replied. It may have executed the request, or will.
    /// </exception>
    Task<MemberReply> SendAsync(string address, MemberRequest request, CancellationToken cancellationToken);
}
