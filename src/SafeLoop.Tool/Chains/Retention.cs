using System.Collections;

namespace SafeLoop.Tool;

/// <summary>
/// Asks what would be free without some objects: all that is then no longer reached from the roots. Exact, in one walk over the
/// heap. (The dominators of a chain would say too little: both of its ends are rooted.)
/// </summary>
internal sealed class Retention
{
    private readonly HeapGraph _graph;
    private readonly int[] _roots;
    private readonly long _bytes;
    private int[] _queue = [];
    private BitArray? _stillReached;

    /// <param name="graph">The heap.</param>
    /// <param name="roots">All of them: everything is alive.</param>
    public Retention(HeapGraph graph, IReadOnlyList<HeapRoot> roots)
    {
        _graph = graph;
        _bytes = graph.Bytes;
        _roots = [.. roots.Select(root => root.Node).Distinct()];
    }

    /// <summary>Bytes kept alive by the objects alone. They also explain whatever else would go with them.</summary>
    public long Without(int[] removed)
    {
        var reached = new BitArray(_graph.Count);
        foreach (var node in removed)
            reached[node] = true;
        var kept = Walk(_roots, reached);

        // What an earlier finding holds stays explained.
        _stillReached = _stillReached is null ? Reached(reached, removed) : _stillReached.And(Reached(reached, removed));
        return _bytes - kept;
    }

    /// <summary>Most of the objects are alive only because of what has been asked about before.</summary>
    public bool IsExplained(int[] nodes) =>
        _stillReached is not null && nodes.Count(node => !_stillReached[node]) * 2L > nodes.Length;

    private static BitArray Reached(BitArray reached, int[] removed)
    {
        foreach (var node in removed)
            reached[node] = false;
        return reached;
    }

    /// <returns>The bytes of what was newly reached.</returns>
    private long Walk(IEnumerable<int> roots, BitArray reached)
    {
        _queue = _queue.Length < _graph.Count ? new int[_graph.Count] : _queue;
        var bytes = 0L;
        var count = 0;
        foreach (var root in roots)
        {
            if (!reached[root])
            {
                reached[root] = true;
                _queue[count++] = root;
            }
        }

        for (var i = 0; i < count; i++)
        {
            bytes += _graph.Sizes[_queue[i]];
            foreach (var next in _graph.ReferencesOf(_queue[i]))
            {
                if (reached[next])
                    continue;
                reached[next] = true;
                _queue[count++] = next;
            }
        }

        return bytes;
    }
}
