using Targets.Shapes;

namespace Targets.Innocents;

/// <summary>A large cache with a bound: what is added takes the place of something else.</summary>
internal sealed class StableCache : Shape
{
    private static readonly Dictionary<int, byte[]> _items = [];

    protected override void Add(int i, int count) => _items[i % count] = new byte[20_000];
}
