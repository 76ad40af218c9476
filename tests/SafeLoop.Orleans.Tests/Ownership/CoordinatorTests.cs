namespace SafeLoop.Tests.Ownership;

public class CoordinatorTests
{
    [Fact]
    public void The_first_host_waits_until_the_members_have_settled_and_then_takes_all()
    {
        using var cluster = new TestCluster();
        var a = cluster.Start("a");
        cluster.Advance(1.9);
        Assert.Empty(a.Open);

        cluster.Advance(0.2);
        Assert.Equal(16, a.Open.Length);
        Assert.Equal(cluster.Keys, a.Keys);
    }

    [Fact]
    public void Two_hosts_that_start_together_share_the_shards()
    {
        using var cluster = new TestCluster();
        var (a, b) = (cluster.Start("a"), cluster.Start("b"));
        cluster.Advance(5);

        Assert.Equal(16, cluster.OpenShards().Distinct().Count());
        Assert.Equal(16, cluster.OpenShards().Count());
        Assert.InRange(a.Open.Length, 7, 9);
    }
}
