namespace SafeLoop;

/// <summary>Notifies other hosts, which then read the store. Without a message they do so within a third of a lease.</summary>
/// <param name="link">Sends the messages.</param>
/// <param name="time">The clock.</param>
/// <param name="limit">How long to wait for a message to be sent.</param>
internal sealed class MemberNotices(IMemberLink link, TimeProvider time, TimeSpan limit)
{
    /// <summary>Sends a message to each member. Throws nothing.</summary>
    public Task SendAsync(IEnumerable<Member> members, CancellationToken cancellationToken) => Task.WhenAll(
        from address in members.Select(static member => member.Details.Address).Distinct()
        select SendAsync(address, cancellationToken));

    private async Task SendAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync().WaitOrGiveUpAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) // a message may be lost
        {
        }

        async Task<bool> SendAsync()
        {
            await link.NotifyAsync(address, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
