using System.Collections.Concurrent;

namespace Targets.Shapes;

internal sealed class StaticDictionary : Shape
{
    private static readonly ConcurrentDictionary<int, byte[]> _items = new();

    protected override void Add(int i, int count) => _items[i] = new byte[1_500];
}
