namespace SafeLoop.Tool;

/// <summary>
/// Finds types whose objects form lists, trees or chains: an object leads to another of its type, that to a third,
/// and so on, always after the same number of steps. All of them together are one structure, which a path names once.
/// </summary>
internal static class LinkedTypes
{
    /// <summary>How many steps may lie between two objects of the type.</summary>
    private const int Reach = 8;

    /// <summary>Fewer in a row are what ordinary nesting looks like: a list of lists.</summary>
    private const int Least = 8;

    /// <returns>By type: how many steps lie between two of its objects; 0 when they are not linked.</returns>
    public static byte[] In(HeapGraph graph, RootPaths paths, Dominators dominators)
    {
        var types = new int[graph.Count + 1];
        for (var number = 1; number < types.Length; number++)
            types[number] = graph.TypeOf[dominators.Objects[number]];
        var links = new Links(graph);
        for (var number = 1; number < types.Length; number++)
        {
            var at = dominators.Parents[number];
            for (byte step = 1; step <= Reach && at > 0; step++, at = dominators.Parents[at])
            {
                if (types[at] == types[number])
                {
                    links.Add(number, at, step, types[number]);
                    break;
                }
            }
        }

        // What is rooted at both ends has no dominator; its path still leads from one object to the next.
        links.Clear();
        foreach (var node in paths.Order)
        {
            var at = paths.Before(node);
            for (byte step = 1; step <= Reach && at >= 0; step++, at = paths.Before(at))
            {
                if (graph.TypeOf[at] == graph.TypeOf[node])
                {
                    links.Add(node, at, step, graph.TypeOf[node]);
                    break;
                }
            }
        }

        return links.Steps;
    }

    /// <summary>How many objects of one type lie in a row before each, and how many steps apart.</summary>
    private sealed class Links(HeapGraph graph)
    {
        private readonly byte[] _counts = new byte[graph.Count + 1];
        private readonly byte[] _steps = new byte[graph.Count + 1];

        public byte[] Steps { get; } = new byte[graph.Types.Length];

        public void Add(int one, int before, byte step, int type)
        {
            _counts[one] = (byte)(_counts[before] > 0 && _steps[before] == step ? Math.Min(Least, _counts[before] + 1) : 1);
            _steps[one] = step;
            if (_counts[one] == Least && !graph.Types[type].Name.EndsWith(']') && (Steps[type] == 0 || step < Steps[type]))
                Steps[type] = step;
        }

        public void Clear() => Array.Clear(_counts);
    }
}
