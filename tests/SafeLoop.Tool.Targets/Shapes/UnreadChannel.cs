using System.Threading.Channels;

namespace Targets.Shapes;

internal sealed class UnreadChannel : Shape
{
    private readonly Channel<Order> _orders = Channel.CreateUnbounded<Order>();

    protected override void Add(int i, int count) => _orders.Writer.TryWrite(new Order());

    private sealed class Order
    {
        public byte[] Lines { get; } = new byte[1_500];
    }
}
