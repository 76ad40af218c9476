namespace SafeLoop.Tool;

/// <summary>A dump holds garbage too, and a chain that has ended is garbage: only what a root reaches counts.</summary>
internal static class LiveGraph
{
    public static HeapGraph Of(HeapGraph graph)
    {
        var numbers = Reached(graph, out var count);
        var typeOf = new int[count];
        var sizes = new long[count];
        var places = new uint[graph.Places.Length == 0 ? 0 : count];
        var starts = new int[count + 1];
        var targets = new List<int>(count * 2);
        for (int node = 0, live = 0; node < graph.Count; node++)
        {
            if (numbers[node] < 0)
                continue;

            (typeOf[live], sizes[live]) = (graph.TypeOf[node], graph.Sizes[node]);
            if (places.Length > 0)
                places[live] = graph.Places[node];
            foreach (var target in graph.ReferencesOf(node))
                targets.Add(numbers[target]);
            starts[++live] = targets.Count;
        }

        return new HeapGraph
        {
            Types = graph.Types,
            Modules = graph.Modules,
            TypeOf = typeOf,
            Sizes = sizes,
            Starts = starts,
            Targets = [.. targets],
            Places = places,
            Roots = [.. graph.Roots.Select(root => root with { Node = numbers[root.Node] })],
        };
    }

    /// <summary>New numbers for what is reached, -1 for the rest.</summary>
    private static int[] Reached(HeapGraph graph, out int count)
    {
        var numbers = new int[graph.Count];
        Array.Fill(numbers, -1);
        var queue = new int[graph.Count];
        var end = 0;
        foreach (var root in graph.Roots)
            Enter(root.Node);
        for (var i = 0; i < end; i++)
        {
            foreach (var next in graph.ReferencesOf(queue[i]))
                Enter(next);
        }

        // In the order of the heap, not of the walk.
        count = 0;
        for (var node = 0; node < numbers.Length; node++)
        {
            if (numbers[node] >= 0)
                numbers[node] = count++;
        }

        return numbers;

        void Enter(int node)
        {
            if (numbers[node] >= 0)
                return;
            numbers[node] = 0;
            queue[end++] = node;
        }
    }
}
