namespace SafeLoop.Tool;

/// <summary>Breadth-first walks over a <see cref="FrameGraph"/>. Never recursive: the chains are longer than any stack.</summary>
internal sealed class FrameWalk(FrameGraph frames)
{
    private readonly int[] _walk = new int[frames.Count];
    private readonly int[] _from = new int[frames.Count];
    private readonly int[] _order = new int[frames.Count];
    private int _walks;

    /// <summary>
    /// All frames that hang together with <paramref name="start"/>, the farthest last. Valid until the next walk.
    /// </summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="allowed">Which frames may be entered.</param>
    public ReadOnlySpan<int> From(int start, Func<int, bool> allowed)
    {
        _walks++;
        _walk[start] = _walks;
        _from[start] = -1;
        _order[0] = start;
        var count = 1;
        for (var i = 0; i < count; i++)
        {
            foreach (var next in frames.LinksOf(_order[i]))
            {
                if (_walk[next] == _walks || !allowed(next))
                    continue;
                _walk[next] = _walks;
                _from[next] = _order[i];
                _order[count++] = next;
            }
        }

        return _order.AsSpan(0, count);
    }

    /// <summary>
    /// The longest way through what hangs together with <paramref name="start"/>: from the farthest frame to the one farthest
    /// from it. Exact for a chain or a tree; a lower bound where ways meet again.
    /// </summary>
    public int[] LongestPath(int start, Func<int, bool> allowed)
    {
        var end = From(start, allowed)[^1];
        var path = new List<int>();
        for (var frame = From(end, allowed)[^1]; frame >= 0; frame = _from[frame])
            path.Add(frame);
        return [.. path];
    }
}
