namespace SafeLoop.Tool;

/// <summary>
/// Distinguishes growth from turnover: how much of what an earlier capture held is still there. A leak keeps it; work in flight
/// is replaced, however much of it there is. An object is the same when type, path and address are the same.
/// </summary>
internal static class Survivors
{
    /// <summary>
    /// Of what was there. Less is turnover. Not half: new objects that lie where gone ones lay look like survivors; of what
    /// leaks, four fifths and more stay.
    /// </summary>
    public const double Most = 2.0 / 3;

    /// <summary>Of old objects. New ones that lie by chance where old ones lay do not come near it.</summary>
    public const double NearlyAll = 0.9;

    /// <summary>So many are remembered of one kind.</summary>
    private const int Sample = 500;

    /// <summary>Fewer say nothing.</summary>
    private const int Least = 8;

    /// <param name="path">From the root over the owner to what there is most of.</param>
    /// <param name="tree">Of the later capture.</param>
    /// <param name="graph">The later capture.</param>
    /// <param name="earlier">The tree of the earlier capture.</param>
    /// <returns>0 to 1, of the kind of objects of which most are still there; null where nothing can be said.</returns>
    public static double? Share(IReadOnlyList<OwnerNode> path, OwnerTree tree, HeapGraph graph, OwnerNode earlier)
    {
        double? most = null;
        foreach (var step in path.Where(step => !step.IsRoot))
        {
            var share = Share([.. step.In(earlier).SelectMany(node => node.Places)], graph, tree.ObjectsAt(step.Paths));
            most = most is null || share > most ? share : most;
        }

        return most;
    }

    /// <summary>
    /// The share of old objects that are still there. A collection moves young objects, so they look replaced in the next
    /// capture. Each capture collects everything, so what one capture has seen is old in the next, and lies still from then on.
    /// </summary>
    /// <param name="path">From the root over the owner to what there is most of.</param>
    /// <param name="tree">Of the latest capture.</param>
    /// <param name="graph">The latest capture.</param>
    /// <param name="captures">The trees of the captures before, the oldest first.</param>
    /// <returns>0 to 1, of the kind of objects of which most are still there; null with less than two captures before.</returns>
    public static double? ShareOfOld(
        IReadOnlyList<OwnerNode> path, OwnerTree tree, HeapGraph graph, IReadOnlyList<OwnerNode> captures)
    {
        if (captures is not [.., var before, var last])
            return null;
        double? most = null;
        foreach (var step in path.Where(step => !step.IsRoot))
        {
            var (old, all) = (step.In(before).Sum(node => node.Count), step.In(last).Sum(node => node.Count));
            var share = Share([.. step.In(last).SelectMany(node => node.Places)], graph, tree.ObjectsAt(step.Paths));
            if (old >= Least && share is { } part)
                most = Math.Max(most ?? 0, Math.Min(1, part * all / old));
        }
        return most;
    }

    /// <param name="earlier">Places of some objects in the earlier capture.</param>
    /// <param name="graph">The later capture.</param>
    /// <param name="nodes">What is of their kind in it.</param>
    public static double? Share(HashSet<uint> earlier, HeapGraph graph, IEnumerable<int> nodes) =>
        earlier.Count < Least || graph.Places.Length == 0
            ? null
            : (double)nodes.Count(node => earlier.Contains(graph.Places[node])) / earlier.Count;

    /// <summary>Some of the objects, spread over all.</summary>
    public static IReadOnlyList<uint> PlacesOf(HeapGraph graph, int[] nodes) => graph.Places.Length == 0
        ? []
        : [.. nodes.Where((_, i) => IsInSample(i, nodes.Length)).Select(node => graph.Places[node])];

    public static bool IsInSample(int index, int count) => index % (1 + (count / Sample)) == 0;

    /// <summary>
    /// What is not there any more counts only between captures of one process whose objects have not been moved.
    /// </summary>
    public static double? Comparable(double? share, LeakReport earlier, SnapshotOrigin origin, Landmarks landmarks) =>
        share >= Most || (earlier.Origin.IsSameProcess(origin) && landmarks.AreAsIn(earlier.Landmarks)) ? share : null;
}
