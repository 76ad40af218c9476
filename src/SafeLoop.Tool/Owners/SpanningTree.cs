namespace SafeLoop.Tool;

/// <summary>
/// A depth-first walk from all roots. It numbers the objects 1, 2, 3 … in the order in which it enters them; 0 stands for all roots
/// together.
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
        var next = graph.Starts.AsSpan(0, graph.Count).ToArray(); // by object: the next of its references to follow
        var count = 0;
        foreach (var root in roots)
        {
            if (Numbers[root.Node] != 0)
                continue;

            var at = root.Node;
            Enter(at, parent: 0);
            while (at >= 0)
            {
                var end = graph.Starts[at + 1];
                while (next[at] < end && Numbers[graph.Targets[next[at]]] != 0)
                    next[at]++;
                if (next[at] == end)
                {
                    at = Objects[Parents[Numbers[at]]];
                    continue;
                }

                var child = graph.Targets[next[at]++];
                Enter(child, Numbers[at]);
                at = child;
            }
        }

        void Enter(int node, int parent)
        {
            Numbers[node] = ++count;
            Objects[count] = node;
            Parents[count] = parent;
        }
    }
}
