namespace SafeLoop.Tool;

/// <summary>Collects roots as they come in, by address, and resolves them once all objects have a number.</summary>
internal sealed class HeapRootBuilder
{
    private readonly List<(ulong Address, RootKind Kind, ulong Method)> _roots = [];
    private readonly List<(ulong Address, string Field)> _statics = [];
    private readonly List<ulong> _slots = [];

    public IReadOnlySet<ulong> Methods => _roots.Select(root => root.Method).Where(method => method != 0).ToHashSet();

    public void Add(ulong address, RootKind kind, ulong method) => _roots.Add((address, kind, method));

    /// <param name="address">The value.</param>
    /// <param name="slot">Where the field is. Most fields are slots of an array on the heap.</param>
    /// <param name="field">The name of the field alone.</param>
    public void AddStatic(ulong address, ulong slot, string field)
    {
        _statics.Add((address, field));
        _slots.Add(slot);
    }

    public void AddStaticTable(ulong address) => _slots.Add(address);

    /// <param name="index">Finds the objects.</param>
    /// <param name="sizes">By object.</param>
    /// <param name="starts">By object: where its references begin.</param>
    /// <param name="targets">The references.</param>
    /// <param name="isObjectArray">Says of an object whether it is an Object[], as the tables of statics are.</param>
    public HeapRoot[] Build(AddressIndex index, long[] sizes, int[] starts, int[] targets, Func<int, bool> isObjectArray)
    {
        var roots = new List<HeapRoot>();
        foreach (var (address, field) in _statics)
        {
            if (index.Find(address) is >= 0 and var node)
                roots.Add(new HeapRoot(node, RootKind.Static, "?." + field));
        }

        // Else every static without a name would seem to be held by one array, which nothing in the program knows.
        var others = new List<HeapRoot>();
        foreach (var table in _slots.Select(slot => index.FindCovering(slot, sizes))
            .Where(table => table >= 0 && isObjectArray(table)).Distinct())
            AddSlots(table, RootKind.StaticTable);
        foreach (var (address, kind, method) in _roots)
        {
            if (index.Find(address) is not (>= 0 and var node))
                continue;
            others.Add(new HeapRoot(node, kind, Method: method));
            if (kind == RootKind.ThreadStatic)
                AddThread(node);
        }

        return [.. roots, .. others.Distinct()];

        // A thread has an array of arrays: one for each module.
        void AddThread(int tables)
        {
            if (!isObjectArray(tables))
                return;
            AddSlots(tables, RootKind.ThreadStatic);
            foreach (var table in targets.AsSpan(starts[tables]..starts[tables + 1]))
            {
                if (isObjectArray(table))
                    AddSlots(table, RootKind.ThreadStatic);
            }
        }

        void AddSlots(int table, RootKind kind)
        {
            foreach (var target in targets.AsSpan(starts[table]..starts[table + 1]))
                others.Add(new HeapRoot(target, kind));
        }
    }
}
