namespace SafeLoop.Tool;

/// <summary>
/// Where the values of static fields lie. They outlive captures, so they show whether the collector has moved objects in
/// between: then other objects have other addresses, too, and are not to be recognised by them.
/// </summary>
internal sealed class Landmarks
{
    private const double Half = 0.5;

    /// <summary>Fewer say nothing. A dump names no statics.</summary>
    private const int Least = 8;

    private readonly Dictionary<string, uint> _places = [];

    public Landmarks(HeapGraph graph)
    {
        foreach (var root in graph.Roots)
        {
            // What references nothing may lie outside the heap proper, where nothing moves.
            if (root is { Kind: RootKind.Static, Name: { } name } && graph.Places.Length > 0
                && graph.ReferencesOf(root.Node).Length > 0)
                _places[name] = graph.Places[root.Node];
        }
    }

    /// <summary>Most are where they were.</summary>
    public bool AreAsIn(Landmarks earlier)
    {
        var common = earlier._places.Where(mark => _places.ContainsKey(mark.Key)).ToArray();
        return common.Length >= Least && common.Count(mark => _places[mark.Key] == mark.Value) >= common.Length * Half;
    }
}
