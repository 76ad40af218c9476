namespace SafeLoop.Tool;

/// <summary>Finds what holds the heap: the objects below which it divides into many, or ends.</summary>
internal static class OwnerFinder
{
    /// <summary>Of the heap. What holds less is of no interest.</summary>
    private const double LeastShare = 0.01;

    /// <summary>A holder whose parent retains hardly more is not named by its innards, but by that parent.</summary>
    private const double Same = 0.9;

    /// <summary>Of an object. Single parts that make up so much stand for it.</summary>
    private const double Half = 0.5;

    /// <summary>Of a set. A smaller part of it does not show what the set is full of.</summary>
    private const double Part = 0.3;

    /// <returns>Those that retain most first.</returns>
    public static IReadOnlyList<OwnerNode> Find(OwnerNode heap)
    {
        var least = Math.Max(1, heap.Bytes * LeastShare);
        var found = new HashSet<OwnerNode>();
        var waiting = new Stack<OwnerNode>(heap.Children);
        while (waiting.TryPop(out var node))
        {
            if (node.Bytes < least)
                continue;

            var parts = PartsOf(node, least);
            if (parts.Length == 0 && node is { IsRoot: false, IsHeld: true })
                found.Add(Outermost(node));
            foreach (var part in parts)
                waiting.Push(part);
        }

        // What a part retains is counted with the whole.
        return [.. found.Where(node => !node.Path.SkipLast(1).Any(found.Contains)).OrderByDescending(node => node.Bytes)
            .ThenBy(node => node.Name, StringComparer.Ordinal)];
    }

    /// <summary>From the root over the owner to the objects that make up most of what it retains.</summary>
    public static IReadOnlyList<OwnerNode> PathOf(OwnerNode owner)
    {
        var path = owner.Path.ToList();
        while (path[^1].Largest is { } part && part.Bytes >= path[^1].Bytes * Part)
            path.Add(part);
        return path;
    }

    /// <summary>What to look at instead of the node; nothing when the node is an owner.</summary>
    private static OwnerNode[] PartsOf(OwnerNode node, double least)
    {
        if (node.IsRoot || !node.IsHeld)
            return [.. node.Children.Where(child => child.Bytes >= least)];
        if (node.Count > 1)
            return [];
        var singles = node.Children.Where(child => child.Count == 1 && child.Bytes >= least).ToArray();
        return singles.Sum(child => child.Bytes) >= node.Bytes * Half ? singles : [];
    }

    private static OwnerNode Outermost(OwnerNode node)
    {
        while (node.Parent is { IsRoot: false, IsHeld: true, Parent: not null } parent && node.Bytes >= parent.Bytes * Same)
            node = parent;
        return node;
    }
}
