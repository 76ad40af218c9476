using System.Collections;

namespace SafeLoop.Tool;

/// <summary>
/// A heap as a tree of sets: all objects of one type with the same path of dominators are one node, which retains what they
/// retain.
/// Two captures of a program have the same tree, with other numbers.
/// </summary>
internal sealed class OwnerTree
{
    private readonly HeapGraph _graph;
    private readonly Dominators _dominators;
    private readonly int[] _pathOf;

    public OwnerTree(HeapGraph graph, RootPaths paths)
    {
        _graph = graph;
        _dominators = new Dominators(graph, paths.Roots);
        _pathOf = new int[graph.Count + 1];
        Paths = new TypePaths(LinkedTypes.In(graph, paths, _dominators),
            [.. graph.Types.Select(type => type.Name.EndsWith(']'))]);
        var labels = new Dictionary<HeapRoot, int>();
        var via = new int[graph.Count]; // one more than the path to an object others hold, too; 0: not known yet
        var way = new Stack<int>();
        for (var number = 1; number < _pathOf.Length; number++)
        {
            var (node, dominator) = (_dominators.Objects[number], _dominators.Parents[number]);
            _pathOf[number] = Paths.Step(dominator > 0 ? _pathOf[dominator] : Via(node), graph.TypeOf[node], isHeld: true);
        }

        Labels = [.. labels.Keys];
        (Bytes, Counts) = Sum(graph);

        // The path of what stands before an object that nothing holds alone.
        int Via(int node)
        {
            for (var before = paths.Before(node); before >= 0 && via[before] == 0; before = paths.Before(before))
                way.Push(before);
            var first = way.Count > 0 ? way.Peek() : node;
            var path = paths.Before(first) is >= 0 and var known ? via[known] - 1 : Paths.Root(LabelOf(paths.RootOf(first)));
            while (way.TryPop(out var next))
            {
                path = Paths.Step(path, graph.TypeOf[next], isHeld: false);
                via[next] = path + 1;
            }

            return path;
        }

        int LabelOf(HeapRoot root)
        {
            // A thread is in one method now and in another later: its name is no part of the path that captures are compared by.
            var label = root.Kind == RootKind.Stack ? new HeapRoot(-1, RootKind.Stack) : root with { Node = -1 };
            labels.TryAdd(label, labels.Count);
            return labels[label];
        }
    }

    public TypePaths Paths { get; }

    /// <summary>What roots there are, without their objects.</summary>
    public HeapRoot[] Labels { get; }

    /// <summary>By path: what the objects at its end retain together.</summary>
    public long[] Bytes { get; }

    /// <summary>By path: how many objects are at its end.</summary>
    public int[] Counts { get; }

    public IEnumerable<int> ObjectsAt(IReadOnlyCollection<int> paths)
    {
        var isOne = new BitArray(Paths.Count);
        foreach (var path in paths)
            isOne[path] = true;
        for (var number = 1; number < _pathOf.Length; number++)
        {
            if (isOne[_pathOf[number]] && Paths[_pathOf[number]].Type == _graph.TypeOf[_dominators.Objects[number]])
                yield return _dominators.Objects[number];
        }
    }

    /// <summary>Adds the addresses of a sample of the objects to their nodes.</summary>
    /// <param name="nodes">By path.</param>
    public void Locate(OwnerNode?[] nodes)
    {
        var seen = new int[nodes.Length];
        for (var number = 1; number < _pathOf.Length && _graph.Places.Length > 0; number++)
        {
            var (path, node) = (_pathOf[number], _dominators.Objects[number]);
            if (nodes[path] is not { } owner || Paths[path].Type != _graph.TypeOf[node])
                continue;
            if (Survivors.IsInSample(seen[path]++, Counts[path]))
                owner.Places.Add(_graph.Places[node]);
        }
    }

    private (long[] Bytes, int[] Counts) Sum(HeapGraph graph)
    {
        var (bytes, counts) = (new long[Paths.Count], new int[Paths.Count]);
        for (var number = 1; number < _pathOf.Length; number++)
        {
            var (node, path) = (_dominators.Objects[number], _pathOf[number]);
            bytes[path] += graph.Sizes[node];
            if (Paths[path].Type == graph.TypeOf[node])
                counts[path]++;
        }

        for (var path = bytes.Length - 1; path >= 0; path--)
        {
            if (Paths[path].Parent is >= 0 and var parent)
                bytes[parent] += bytes[path];
        }

        return (bytes, counts);
    }
}
