namespace SafeLoop.Tool;

/// <summary>Collects roots as they come in, by address, and resolves them once all objects have a number.</summary>
internal sealed class HeapRootBuilder
{
    private readonly List<(ulong Address, RootKind Kind)> _roots = [];
    private readonly List<(ulong Address, string Field)> _statics = [];
    private readonly List<ulong> _slots = [];

    public void Add(ulong address, RootKind kind) => _roots.Add((address, kind));

    /// <param name="address">The value.</param>
    /// <param name="slot">Where the field is. Most fields are slots of an array on the heap.</param>
    /// <param name="field">The name of the field alone.</param>
    public void AddStatic(ulong address, ulong slot, string field)
    {
        _statics.Add((address, field));
        _slots.Add(slot);
    }

    public void AddStaticTable(ulong address) => _slots.Add(address);

    public HeapRoot[] Build(AddressIndex index, long[] sizes, int[] starts, int[] targets)
    {
        var roots = new List<HeapRoot>();
        foreach (var (address, field) in _statics)
        {
            if (index.Find(address) is >= 0 and var node)
                roots.Add(new HeapRoot(node, RootKind.Static, "?." + field));
        }

        // Else every static without a name would seem to be held by one array, which nothing in the program knows.
        var others = new List<HeapRoot>();
        foreach (var table in _slots.Select(slot => index.FindCovering(slot, sizes)).Where(table => table >= 0).Distinct())
        {
            foreach (var target in targets.AsSpan(starts[table]..starts[table + 1]))
                others.Add(new HeapRoot(target, RootKind.StaticTable));
        }

        others.AddRange(_roots.Select(root => new HeapRoot(index.Find(root.Address), root.Kind)).Where(root => root.Node >= 0));
        return [.. roots, .. others.Distinct()];
    }
}
