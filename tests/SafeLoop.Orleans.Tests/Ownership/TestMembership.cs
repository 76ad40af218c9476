namespace SafeLoop.Tests.Ownership;

/// <summary>What Orleans reports to one host. Follows the cluster until the test sets another view.</summary>
internal sealed class TestMembership(string name, string address, TestCluster cluster) : IClusterMembership
{
    private MembershipView? _own;

    public event Action? Changed;

    public string Cluster { get; set; } = "test";

    public string Address => address;

    public string Name => name;

    public MembershipView Current => _own ?? new(cluster.Active, IsDead: false);

    /// <summary>Lets this host alone see other members; null: those of the cluster.</summary>
    public void Set(MembershipView? view)
    {
        _own = view;
        OnChanged();
    }

    public void OnChanged() => Changed?.Invoke();
}
