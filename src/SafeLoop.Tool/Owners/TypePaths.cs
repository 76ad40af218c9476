namespace SafeLoop.Tool;

/// <summary>
/// Numbers the paths of a heap. Millions of objects have the same few paths, because linked structures are folded.
/// </summary>
/// <param name="links">By type: the steps between two of its objects that are folded, see <see cref="LinkedTypes"/>.</param>
/// <param name="isArray">By type.</param>
internal sealed class TypePaths(byte[] links, bool[] isArray)
{
    /// <summary>What lies deeper counts for the object at this depth.</summary>
    private const int MaxDepth = 100;

    private readonly List<TypePath> _paths = [];
    private readonly Dictionary<(int Parent, int Type, bool IsHeld), int> _numbers = [];

    public int Count => _paths.Count;

    public TypePath this[int path] => _paths[path];

    public int Root(int label) => Number(-1, ~label, isHeld: true, depth: 0);

    public int Step(int path, int type, bool isHeld)
    {
        // One directly below another of its type is linked to it, however few there are. Arrays nest without being linked.
        var at = path;
        for (var step = 1; step < links[type] && at >= 0; step++)
            at = _paths[at].Parent;
        if (at >= 0 && _paths[at].Type == type && _paths[at].IsHeld == isHeld && !isArray[type])
            return at;

        var depth = _paths[path].Depth + 1;
        return depth > MaxDepth ? path : Number(path, type, isHeld, depth);
    }

    private int Number(int parent, int type, bool isHeld, int depth)
    {
        ref var number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_numbers,
            (parent, type, isHeld), out var isKnown);
        if (isKnown)
            return number;

        number = _paths.Count;
        _paths.Add(new TypePath(parent, type, isHeld, depth));
        return number;
    }
}
