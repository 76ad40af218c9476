using System.Collections;

namespace SafeLoop.Tool;

/// <summary>
/// The dominator tree of a heap: the parent of an object is the nearest one that lies on every path to it from the
/// roots. What an object retains is therefore its subtree.
/// </summary>
/// <remarks>Numbers are those of <see cref="SpanningTree"/>: an object comes after its dominator, and 0 stands for all roots
/// together.</remarks>
internal sealed class Dominators
{
    /// <summary>Bytes that one object needs while the tree is computed; each reference needs four more.</summary>
    public const long BytesPerObject = 40;

    /// <param name="graph">The heap.</param>
    /// <param name="roots">They reach every object.</param>
    public Dominators(HeapGraph graph, IReadOnlyList<HeapRoot> roots)
    {
        var tree = new SpanningTree(graph, roots);
        var (starts, sources) = Referrers(graph, tree);
        var isRoot = new BitArray(tree.Objects.Length);
        foreach (var root in roots)
            isRoot[tree.Numbers[root.Node]] = true;

        Objects = tree.Objects;
        Parents = new SemiNca(tree.Parents).Dominators(starts, sources, isRoot);
    }

    /// <summary>By number: the object. Of 0, -1.</summary>
    public int[] Objects { get; }

    /// <summary>By number: the number of the immediate dominator.</summary>
    public int[] Parents { get; }

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
}
