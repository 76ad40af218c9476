namespace SafeLoop;

/// <summary>Sends a request to the host that owns a loop, and follows the loop while it moves.</summary>
internal sealed class OperationRouter(
    IShardDirectory directory, IShardStore store, IMemberCalls calls, IMemberRequests own, TimeProvider time)
{
    /// <summary>How long a request looks for an owner.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(5), FirstPause = TimeSpan.FromMilliseconds(100),
        LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Sends a request until a host has executed it.</summary>
    /// <param name="shard">The shard of the loop.</param>
    /// <param name="request">The request.</param>
    /// <param name="isRepeatable">True: it may be executed twice, so it is sent again when an owner has not replied.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The reply, done or pending, and who has given it.</returns>
    /// <exception cref="TimeoutException">No host owned the loop, or the owner has not replied.</exception>
    public async Task<(MemberReply Reply, ClusterMember Owner)> SendAsync(
        ShardId shard, MemberRequest request, bool isRepeatable, CancellationToken cancellationToken)
    {
        var (began, pause, why) = (time.GetTimestamp(), FirstPause, "no member has the task");
        // A run that was sent is cancelled by its owner, which must have received it.
        var untilReply = request.Operation is MemberOperation.Run ? CancellationToken.None : cancellationToken;
        for (var owner = directory.FindOwner(shard); ;)
        {
            if (owner is not null)
            {
                try
                {
                    var reply = await CallAsync(owner, request, untilReply).ConfigureAwait(false);
                    if (reply.Kind is not MemberReplyKind.NotHere)
                        return (ThrowIfFailed(reply, owner, request), owner);
                    why = $"{NameOf(owner)} has not executed it: {reply.Message}";
                }
                catch (MemberUnreachableException error)
                {
                    why = $"{NameOf(owner)} has not replied ({error.Message})";
                    if (!isRepeatable)
                        throw NoReply(owner, request, error);
                }
            }
            if (time.GetElapsedTime(began) >= Limit)
                throw NoOwner(shard, request, why);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            owner = await FindStoredOwnerAsync(shard, cancellationToken).ConfigureAwait(false) ?? directory.FindOwner(shard);
        }
    }

    /// <summary>Sends a request to one host, which may be this one.</summary>
    /// <exception cref="MemberUnreachableException">It has not replied.</exception>
    public async Task<MemberReply> CallAsync(
        ClusterMember member, MemberRequest request, CancellationToken cancellationToken) => member.IsThisHost
        ? await own.ExecuteAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false)
        : await calls.SendAsync(member.Address, request, cancellationToken).ConfigureAwait(false);

    /// <summary>Throws what the owner has thrown.</summary>
    /// <returns>The reply: done, pending or not here.</returns>
    public static MemberReply ThrowIfFailed(MemberReply reply, ClusterMember owner, MemberRequest request) => reply.Kind switch
    {
        MemberReplyKind.Done or MemberReplyKind.Pending or MemberReplyKind.NotHere => reply,
        MemberReplyKind.Failed => throw MemberFault.ToException(reply),
        _ => throw new InvalidOperationException(
            $"{NameOf(owner)} has another version of SafeLoop, which does not know the operation '{request.Operation}'. "
                + "Update it."),
    };

    /// <summary>The exception for an owner that may have executed a request.</summary>
    public static TimeoutException NoReply(ClusterMember owner, MemberRequest request, Exception error) => new(
        $"{NameOf(owner)}, which owns recurring task {NameOf(request)}, has not replied ({error.Message}). "
            + $"It may have executed the operation '{request.Operation}'.",
        error);

    private static TimeoutException NoOwner(ShardId shard, MemberRequest request, string why) => new(
        $"No host of the cluster owned recurring task {NameOf(request)} (shard {shard.Index}) within {Limit}: {why}. "
            + $"The operation '{request.Operation}' was not executed.");

    private static string NameOf(ClusterMember member) =>
        member.IsThisHost ? "This host" : $"Host '{member.Name}' ({member.Address})";

    private static string NameOf(MemberRequest request) =>
        request.Key is null ? $"'{request.Task}'" : $"'{request.Task}', key '{LoopName.FormatKey(request.Key)}'";

    // The placement may be about to change the owner, or another host may see other members. The store knows who it is now.
    private async Task<ClusterMember?> FindStoredOwnerAsync(ShardId shard, CancellationToken cancellationToken)
    {
        try
        {
            var found = await store.ReadAsync([shard], cancellationToken).AsTask()
                .WaitAsync(StoreLimit, time, cancellationToken).ConfigureAwait(false);
            return found is [{ IsOwned: true, Lease: var lease }] ? directory.FindMember(lease) : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested) // the store is down: the placement still knows
        {
            return null;
        }
    }
}
