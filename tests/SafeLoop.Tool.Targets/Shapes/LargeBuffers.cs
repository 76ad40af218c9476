using System.Buffers;

namespace Targets.Shapes;

internal sealed class LargeBuffers : Shape
{
    private readonly List<byte[]> _rented = [];

    protected override void Add(int i, int count) => _rented.Add(ArrayPool<byte>.Shared.Rent(500_000));
}
