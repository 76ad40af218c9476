namespace SafeLoop.Tests.Ownership;

internal sealed class TestLink(TestCluster cluster) : IMemberLink
{
    public ValueTask NotifyAsync(string address, CancellationToken cancellationToken)
    {
        cluster.Deliver(address);
        return default;
    }
}
