namespace SafeLoop.Tool;

/// <summary>A set of objects in the owner tree, with names instead of numbers: comparable with that of another capture.</summary>
/// <param name="name">The full name of the type; of a root, what it is.</param>
/// <param name="isUsers">The type, or the static field, is not of the framework.</param>
/// <param name="isHeld">The objects live only as long as those of the parent.</param>
/// <param name="parent">Null of the node that stands for the heap.</param>
internal sealed class OwnerNode(string name, bool isUsers, bool isHeld, OwnerNode? parent)
{
    public string Name => name;

    public bool IsUsers => isUsers;

    public bool IsHeld => isHeld;

    public OwnerNode? Parent => parent;

    private readonly Dictionary<(string Name, bool IsHeld), OwnerNode> _children = [];

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    /// <summary>Numbers of the paths in the tree.</summary>
    public List<int> Paths { get; } = [];

    /// <summary>Where some of the objects are, to see whether they are still there in another capture.</summary>
    public List<uint> Places { get; } = [];

    public bool IsRoot => Parent is { Parent: null };

    public IReadOnlyCollection<OwnerNode> Children => _children.Values;

    /// <summary>The largest child; null where there is none.</summary>
    public OwnerNode? Largest => _children.Values.MaxBy(child => child.Bytes);

    public IEnumerable<OwnerNode> Descendants
    {
        get
        {
            var waiting = new Stack<OwnerNode>(_children.Values);
            while (waiting.TryPop(out var node))
            {
                yield return node;
                foreach (var child in node._children.Values)
                    waiting.Push(child);
            }
        }
    }

    /// <summary>From the root to this node.</summary>
    public IReadOnlyList<OwnerNode> Path
    {
        get
        {
            var path = new Stack<OwnerNode>();
            for (var at = this; at is { Parent: not null }; at = at.Parent)
                path.Push(at);
            return [.. path];
        }
    }

    /// <summary>What the same path retains in another tree, even if other owners hold its parts.</summary>
    public long BytesIn(OwnerNode heap) => In(heap).Sum(node => node.Bytes);

    /// <summary>The nodes with the same path in another tree.</summary>
    public IReadOnlyList<OwnerNode> In(OwnerNode heap)
    {
        IReadOnlyList<OwnerNode> same = [heap];
        foreach (var step in Path)
            same = [.. same.SelectMany(node => node.Children.Where(child => child.Name == step.Name))];
        return same;
    }

    public OwnerNode Add(string name, bool isUsers, bool isHeld, int path, long bytes, int count)
    {
        if (!_children.TryGetValue((name, isHeld), out var child))
            _children[(name, isHeld)] = child = new OwnerNode(name, isUsers, isHeld, this);
        child.Paths.Add(path);
        child.Bytes += bytes;
        child.Count += count;
        return child;
    }

    /// <summary>The tree by names, without what retains too little to be of interest.</summary>
    public static OwnerNode Of(OwnerTree tree, ChainSource source, long heap)
    {
        const int LeastPart = 1_000;
        var all = new OwnerNode("", isUsers: false, isHeld: true, parent: null) { Bytes = heap };
        var nodes = new OwnerNode?[tree.Paths.Count];
        for (var number = 0; number < nodes.Length; number++)
        {
            if (tree.Bytes[number] < heap / LeastPart || tree.Bytes[number] == 0)
                continue;

            var path = tree.Paths[number];
            var (name, isUsers) = path.Type < 0
                ? (RootNames.Of(tree.Labels[~path.Type]), source.IsOfTheUser(tree.Labels[~path.Type]))
                : (source.NameOf(path.Type), source.IsOfTheUser(path.Type));
            nodes[number] = (path.Parent < 0 ? all : nodes[path.Parent]!).Add(name, isUsers, path.IsHeld, number,
                tree.Bytes[number], tree.Counts[number]);
        }

        tree.Locate(nodes);
        return all;
    }
}
