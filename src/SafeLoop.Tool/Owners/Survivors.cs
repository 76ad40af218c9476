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
