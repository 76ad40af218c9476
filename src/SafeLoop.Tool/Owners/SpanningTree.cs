namespace SafeLoop.Tool;

/// <summary>
/// A depth-first walk from all roots. It numbers the objects 1, 2, 3 … in the order in which it enters them; 0 stands
/// for all roots together.
/// </summary>
internal sealed class SpanningTree
{
    /// <summary>By object: its number.</summary>
    public int[] Numbers { get; }

    /// <summary>By number: the object. Of 0, -1.</summary>
    public int[] Objects { get; }

    /// <summary>By number: the number of the object from which the walk came.</summary>
    public int[] Parents { get; }

    /// <param name="graph">The heap.</param>
    /// <param name="roots">They reach every object.</param>
    public SpanningTree(HeapGraph graph, IReadOnlyList<HeapRoot> roots)
    {
        Numbers = new int[graph.Count];
        Objects = new int[graph.Count + 1];
        Parents = new int[graph.Count + 1];
        Objects[0] = -1;
        // from the root to here: each object, and its next reference to follow
        var way = new Stack<(int Number, int Reference)>();
        var count = 0;
        foreach (var root in roots)
        {
            if (Numbers[root.Node] != 0)
                continue;

            Enter(root.Node, parent: 0);
            while (way.TryPop(out var at))
            {
                var (reference, end) = (at.Reference, graph.Starts[Objects[at.Number] + 1]);
                while (reference < end && Numbers[graph.Targets[reference]] != 0)
                    reference++;
                if (reference == end)
                    continue;

                way.Push((at.Number, reference + 1));
                Enter(graph.Targets[reference], at.Number);
            }
        }

        void Enter(int node, int parent)
        {
            Numbers[node] = ++count;
            Objects[count] = node;
            Parents[count] = parent;
            way.Push((count, graph.Starts[node]));
        }
    }
}
