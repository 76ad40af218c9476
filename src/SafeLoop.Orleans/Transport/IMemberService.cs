using Orleans.Services;

namespace SafeLoop;

/// <summary>
/// Receives the requests of other silos. Each silo has one, at its own address. It is no grain, so it never moves.
/// </summary>
/// <remarks>Its full name is part of its address: do not rename it.</remarks>
[Alias("SafeLoop.IMemberService")]
internal interface IMemberService : IGrainService
{
    [Alias("Call"), ResponseTimeout(OrleansMemberLink.LimitText)]
    Task<MemberReply> CallAsync(MemberRequest request);
}
