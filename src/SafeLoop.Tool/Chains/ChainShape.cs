namespace SafeLoop.Tool;

/// <summary>How a chain looks: what keeps it alive, and what lies between one frame and the next. Types, in order.</summary>
internal sealed record ChainShape(IReadOnlyList<int> HeldBy, IReadOnlyList<int> Between)
{
    private const int MaxBetween = 200;

    public static ChainShape Of(HeapGraph graph, ChainGroup chains) =>
        new(PathFromRoot(graph, chains.Nodes), StepBetween(graph, chains.Longest));

    /// <summary>The shortest way from a root to any of the frames.</summary>
    private static int[] PathFromRoot(HeapGraph graph, int[] frames)
    {
        var isFrame = new System.Collections.BitArray(graph.Count);
        foreach (var frame in frames)
            isFrame[frame] = true;

        var from = new int[graph.Count];
        Array.Fill(from, -2);
        var queue = new int[graph.Count];
        var count = 0;
        foreach (var root in graph.Roots)
        {
            if (from[root.Node] == -1)
                continue;
            from[root.Node] = -1;
            queue[count++] = root.Node;
        }

        for (var i = 0; i < count; i++)
        {
            if (isFrame[queue[i]])
                return TypesBack(graph, from, from[queue[i]]);

            foreach (var next in graph.ReferencesOf(queue[i]))
            {
                if (from[next] != -2)
                    continue;
                from[next] = queue[i];
                queue[count++] = next;
            }
        }

        return [];
    }

    private static int[] TypesBack(HeapGraph graph, int[] from, int node)
    {
        var types = new List<int>();
        for (; node >= 0; node = from[node])
            types.Add(graph.TypeOf[node]);
        types.Reverse();
        return [.. types];
    }

    /// <summary>Seen in the middle of the chain, where nothing is special.</summary>
    private static int[] StepBetween(HeapGraph graph, int[] chain)
    {
        if (chain.Length < 2)
            return [];
        var (one, other) = (chain[chain.Length / 2], chain[(chain.Length / 2) - 1]);
        return Step(graph, one, other) ?? Step(graph, other, one) ?? [];
    }

    private static int[]? Step(HeapGraph graph, int start, int end)
    {
        var seen = new List<int> { start };
        var from = new List<int> { -1 };
        for (var i = 0; i < seen.Count && seen.Count < MaxBetween; i++)
        {
            foreach (var next in graph.ReferencesOf(seen[i]))
            {
                if (next == end)
                    return [.. Back(i).Reverse()];
                if (seen.Contains(next))
                    continue;
                seen.Add(next);
                from.Add(i);
            }
        }

        return null;

        IEnumerable<int> Back(int at)
        {
            for (; at > 0; at = from[at])
                yield return graph.TypeOf[seen[at]];
        }
    }
}
