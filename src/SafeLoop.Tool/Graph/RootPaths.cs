using System.Collections;

namespace SafeLoop.Tool;

/// <summary>
/// The shortest path from a root to each object. Roots are followed kind by kind, in the order of
/// <see cref="RootKind"/>, so that an object keeps its path from one capture to the next while stacks and queues come
/// and go.
/// </summary>
internal sealed class RootPaths
{
    private readonly HeapGraph _graph;
    private readonly List<HeapRoot> _roots = [];
    private readonly int[] _from;
    private readonly int[] _order;
    private int _count;

    public RootPaths(HeapGraph graph)
    {
        _graph = graph;
        _from = new int[graph.Count];
        _order = new int[graph.Count];
        foreach (var same in graph.Roots.GroupBy(root => root.Kind).OrderBy(same => same.Key))
        {
            var first = _count;
            foreach (var root in same)
                Enter(root);
            Follow(first);
        }

        EnterUnrooted();
    }

    /// <summary>
    /// The roots of the graph, and one of kind <see cref="RootKind.Unknown"/> for whatever the capture names no root of.
    /// </summary>
    public IReadOnlyList<HeapRoot> Roots => _roots;

    /// <summary>All objects, each after the one its path leads through.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, _count);

    /// <summary>The object before this one on its path; -1 when the object is a root.</summary>
    public int Before(int node) => _from[node] > 0 ? _from[node] - 1 : -1;

    /// <summary>Of an object that is a root, the one its path begins with.</summary>
    public HeapRoot RootOf(int node) => _roots[-_from[node] - 1];

    private void Enter(HeapRoot root)
    {
        _roots.Add(root);
        if (_from[root.Node] != 0)
            return;
        _from[root.Node] = -_roots.Count;
        _order[_count++] = root.Node;
    }

    private void Follow(int first)
    {
        for (var i = first; i < _count; i++)
        {
            foreach (var next in _graph.ReferencesOf(_order[i]))
            {
                if (_from[next] != 0)
                    continue;
                _from[next] = _order[i] + 1;
                _order[_count++] = next;
            }
        }
    }

    /// <summary>
    /// The capture may lack some roots; what no root reaches must have one all the same, for it is alive. Objects
    /// without a reference to them come first, then whatever is left of rings.
    /// </summary>
    private void EnterUnrooted()
    {
        if (_count == _graph.Count)
            return;

        var referenced = new BitArray(_graph.Count);
        foreach (var target in _graph.Targets.AsSpan(0, _graph.Starts[^1]))
            referenced[target] = true;

        foreach (var rings in (bool[])[false, true])
        {
            for (var node = 0; node < _graph.Count; node++)
            {
                if (_from[node] != 0 || (!rings && referenced[node]))
                    continue;
                var first = _count;
                Enter(new HeapRoot(node, RootKind.Unknown));
                Follow(first);
            }
        }
    }
}
