namespace Targets.Shapes;

/// <summary>One DbContext for all calls: it tracks every entity it has seen.</summary>
internal sealed class TrackedEntities : Shape
{
    private static readonly OrderContext _orders = new();

    protected override void Add(int i, int count) => _orders.Attach(new Order { Id = i + 1 });
}
