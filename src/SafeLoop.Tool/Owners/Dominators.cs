using System.Collections;

namespace SafeLoop.Tool;

/// <summary>
/// The dominator tree of a heap: the parent of an object is the nearest one that lies on every path to it from the roots. What an object
/// retains is therefore its subtree. Computed by the semi-NCA algorithm (L. Georgiadis, "Linear-Time Algorithms for Dominators and
/// Related Problems", 2005) in flat arrays and without recursion: a heap may have ten million objects in one chain.
/// </summary>
/// <remarks>Numbers are those of <see cref="SpanningTree"/>: an object comes after its dominator, and 0 stands for all roots together.</remarks>
internal sealed class Dominators
{
    private readonly int[] _semi;
    private readonly int[] _labels;
    private readonly int[] _ancestors;
    private int[] _stack = new int[64];

    public Dominators(HeapGraph graph, IReadOnlyList<HeapRoot> roots)
    {
        var tree = new SpanningTree(graph, roots);
        var (starts, sources) = Referrers(graph, tree);
        var isRoot = new BitArray(tree.Objects.Length);
        foreach (var root in roots)
            isRoot[tree.Numbers[root.Node]] = true;

        Objects = tree.Objects;
        _semi = new int[Objects.Length];
        _labels = new int[Objects.Length];
        _ancestors = (int[])tree.Parents.Clone();
        FindSemidominators(tree.Parents, starts, sources, isRoot);
        Parents = FindDominators(tree.Parents);
    }

    /// <summary>By number: the object. Of 0, -1.</summary>
    public int[] Objects { get; }

    /// <summary>By number: the number of the immediate dominator.</summary>
    public int[] Parents { get; }

    /// <summary>Bytes that one object needs while the tree is computed; each reference needs four more.</summary>
    public const long BytesPerObject = 40;

    /// <summary>By number, the numbers of the objects that reference it.</summary>
    private static (int[] Starts, int[] Sources) Referrers(HeapGraph graph, SpanningTree tree)
    {
        var starts = new int[tree.Objects.Length + 1];
        var targets = graph.Targets.AsSpan(0, graph.Starts[^1]);
        foreach (var target in targets)
            starts[tree.Numbers[target]]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];

        // Each start stands at its end now, and moves down as the sources are filled in.
        var sources = new int[targets.Length];
        for (var number = tree.Objects.Length - 1; number > 0; number--)
        {
            foreach (var target in graph.ReferencesOf(tree.Objects[number]))
                sources[--starts[tree.Numbers[target]]] = number;
        }

        return (starts, sources);
    }

    private void FindSemidominators(int[] parents, int[] starts, int[] sources, BitArray isRoot)
    {
        for (var i = 0; i < _labels.Length; i++)
            _semi[i] = _labels[i] = i;
        for (var number = _semi.Length - 1; number > 0; number--)
        {
            var semi = isRoot[number] ? 0 : parents[number];
            for (var i = starts[number]; semi != 0 && i < starts[number + 1]; i++)
                semi = Math.Min(semi, _semi[Best(sources[i], number)]);
            _semi[number] = semi;
        }
    }

    /// <summary>
    /// Of the object and those above it in the tree that have been visited, those with a number above <paramref name="last"/>: the one
    /// with the least semidominator. Shortens the way for the next time.
    /// </summary>
    private int Best(int number, int last)
    {
        if (number <= last)
            return number;

        var depth = 0;
        for (var at = number; _ancestors[at] > last; at = _ancestors[at])
        {
            if (depth == _stack.Length)
                Array.Resize(ref _stack, depth * 2);
            _stack[depth++] = at;
        }

        while (depth > 0)
        {
            var at = _stack[--depth];
            var above = _ancestors[at];
            if (_semi[_labels[above]] < _semi[_labels[at]])
                _labels[at] = _labels[above];
            _ancestors[at] = _ancestors[above];
        }

        return _labels[number];
    }

    /// <summary>The immediate dominator is the nearest one above the parent that is not below the semidominator.</summary>
    private int[] FindDominators(int[] parents)
    {
        var dominators = _ancestors; // they are of no use any more
        dominators[0] = 0;
        for (var number = 1; number < parents.Length; number++)
        {
            var at = parents[number];
            while (at > _semi[number])
                at = dominators[at];
            dominators[number] = at;
        }

        return dominators;
    }
}
