using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace SafeLoop;

/// <summary>Sends messages through the connections that silos have to each other.</summary>
internal sealed class OrleansMemberLink(IServiceProvider services, TimeProvider time)
    : GrainServiceClient<IMemberService>(services), IMemberLink, IMemberCalls
{
    /// <summary>How long a call waits for its reply.</summary>
    public const string LimitText = "00:00:10";

    private static readonly TimeSpan Limit = TimeSpan.Parse(LimitText, System.Globalization.CultureInfo.InvariantCulture);

    private static readonly MemberRequest Notification = new() { Operation = MemberOperation.Notify };

    /// <inheritdoc/>
    public async ValueTask NotifyAsync(string address, CancellationToken cancellationToken) =>
        await SendAsync(address, Notification, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<MemberReply> SendAsync(string address, MemberRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // The silo has a limit of its own, which ends late where the silo itself hangs.
            return await GetGrainService(SiloAddress.FromParsableString(address)).CallAsync(request)
                .WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new MemberUnreachableException($"{error.GetType().Name}: {error.Message}", error);
        }
    }
}
