namespace SafeLoop;

/// <summary>Waits for a run on its owner, and cancels it there.</summary>
internal sealed class RoutedRun(OperationRouter router, ClusterMember owner, MemberRequest request)
{
    /// <summary>Asks the owner until the run has ended.</summary>
    /// <param name="cancellationToken">Cancels the run. Its owner says how it ended.</param>
    /// <exception cref="TimeoutException">The owner does not reply. The iteration may have run.</exception>
    public async Task<MemberReply> WaitAsync(CancellationToken cancellationToken)
    {
        using var cancellation = cancellationToken.UnsafeRegister(static run => _ = ((RoutedRun)run!).CancelAsync(), this);
        var again = request with { Operation = MemberOperation.Await };
        while (true)
        {
            try
            {
                var reply = await router.CallAsync(owner, again, CancellationToken.None).ConfigureAwait(false);
                if (OperationRouter.ThrowIfFailed(reply, owner, again).Kind is not MemberReplyKind.Pending)
                    return reply;
            }
            catch (MemberUnreachableException error)
            {
                throw OperationRouter.NoReply(owner, request, error);
            }
        }
    }

    private async Task CancelAsync()
    {
        Task call = router.CallAsync(owner, request with { Operation = MemberOperation.Cancel }, CancellationToken.None);
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // an unreachable owner ends the wait above
    }
}
