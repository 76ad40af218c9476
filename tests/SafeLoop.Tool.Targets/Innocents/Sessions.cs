using System.Collections.Concurrent;
using Targets.Shapes;

namespace Targets.Innocents;

/// <summary>
/// Sessions of any size, as many as there are users at the moment; for each six that begin, five of the oldest end.
/// </summary>
internal sealed class Sessions : Shape
{
    private static readonly ConcurrentDictionary<int, byte[]> _open = new();
    private static readonly Random _random = new(1);
    private static int _oldest;

    protected override void Add(int i, int count)
    {
        _open[i] = new byte[_random.Next(1_000, 2_000)];
        if (i >= count && i % 6 != 0)
            _open.TryRemove(_oldest++, out _);
    }
}
