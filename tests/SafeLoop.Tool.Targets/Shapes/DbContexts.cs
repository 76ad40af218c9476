namespace Targets.Shapes;

/// <summary>A DbContext for each call that is never disposed: a list keeps each of them.</summary>
internal sealed class DbContexts : Shape
{
    private static readonly List<OrderContext> _open = [];

    protected override void Add(int i, int count)
    {
        var orders = new OrderContext();
        orders.Attach(new Order { Id = i + 1 });
        _open.Add(orders);
    }
}
