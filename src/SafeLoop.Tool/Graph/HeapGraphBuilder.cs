using System.Runtime.InteropServices;

namespace SafeLoop.Tool;

/// <summary>
/// Collects objects and references as they come in, by address, and numbers them at the end. The references of an object may
/// come long after it, but in the order of the objects.
/// </summary>
internal sealed class HeapGraphBuilder
{
    private readonly Chunks<ulong> _addresses = new();
    private readonly Chunks<long> _sizes = new();
    private readonly Chunks<int> _types = new();
    private readonly Chunks<int> _counts = new();
    private readonly Chunks<ulong> _references = new();
    private readonly HeapRootBuilder _roots = new();
    private readonly List<(ulong Key, ulong Value)> _dependents = [];
    private readonly Dictionary<ulong, int> _typeIndexes = [];
    private readonly Dictionary<ulong, (string Name, ulong Module, int Token, ulong[] Arguments)> _describedTypes = [];
    private long _announced;
    private ulong _lastType = ulong.MaxValue;
    private int _lastIndex;

    public int Objects => _addresses.Count;
    public int References => _references.Count;

    /// <summary>The runtime's numbers of methods whose variables are roots.</summary>
    public IReadOnlySet<ulong> Methods => _roots.Methods;

    /// <summary>Every reference an object was said to have has come.</summary>
    public bool IsWhole => _announced == _references.Count && _typeIndexes.Keys.All(_describedTypes.ContainsKey);

    /// <summary>Every type that was described is of one of the modules.</summary>
    public bool IsOf(IReadOnlyDictionary<ulong, HeapModule> modules) =>
        _describedTypes.Values.All(type => type.Module == 0 || modules.ContainsKey(type.Module));

    public void AddObject(ulong address, ulong size, ulong type, int references)
    {
        if (type != _lastType)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_typeIndexes, type, out var known);
            if (!known)
                index = _typeIndexes.Count - 1;
            (_lastType, _lastIndex) = (type, index);
        }

        _addresses.Add(address);
        _sizes.Add((long)size);
        _types.Add(_lastIndex);
        _counts.Add(references);
        _announced += references;
    }

    public void AddReference(ulong target) => _references.Add(target);

    /// <param name="address">The object.</param>
    /// <param name="kind">What keeps it alive.</param>
    /// <param name="method">Of a stack: the runtime's number of the method.</param>
    public void AddRoot(ulong address, RootKind kind, ulong method = 0) => _roots.Add(address, kind, method);

    public void AddStatic(ulong address, ulong slot, string field) => _roots.AddStatic(address, slot, field);

    /// <summary>Statics are the slots of arrays that the runtime holds.</summary>
    public void AddStaticTable(ulong address) => _roots.AddStaticTable(address);

    /// <summary>An entry of a conditional weak table: the value lives as long as the key.</summary>
    public void AddDependent(ulong key, ulong value) => _dependents.Add((key, value));

    public void DescribeType(ulong id, string name, ulong module, int token, ulong[] arguments) =>
        _describedTypes[id] = (name, module, token, arguments);

    /// <param name="modules">The modules by the runtime's id.</param>
    public HeapGraph Build(IReadOnlyDictionary<ulong, HeapModule> modules)
    {
        var (types, moduleList) = NumberTypes(modules);
        var counts = _counts.Drain(count => count);
        var index = new AddressIndex(_addresses.Drain(address => address));
        var targets = _references.Drain(index.Find);
        var (starts, kept) = Compact(counts, targets, DependentsByKey(index));
        var sizes = _sizes.Drain(size => size);
        var typeOf = _types.Drain(type => type);

        return new HeapGraph
        {
            Types = types,
            Modules = moduleList,
            TypeOf = typeOf,
            Sizes = sizes,
            Starts = starts,
            Targets = kept,
            Places = index.Places(),
            Roots = _roots.Build(index, sizes, starts, kept, node => types[typeOf[node]].Name == "System.Object[]"),
        };
    }

    private ILookup<int, int>? DependentsByKey(AddressIndex index) => _dependents.Count == 0
        ? null
        : _dependents.Select(pair => (Key: index.Find(pair.Key), Value: index.Find(pair.Value)))
            .Where(pair => pair is { Key: >= 0, Value: >= 0 })
            .ToLookup(pair => pair.Key, pair => pair.Value);

    /// <summary>Drops references to what is no object, in place; only dependents make the array longer, and are rare.</summary>
    private static (int[] Starts, int[] Targets) Compact(int[] counts, int[] targets, ILookup<int, int>? dependents)
    {
        var starts = new int[counts.Length + 1];
        var kept = dependents is null ? targets : new int[targets.Length + dependents.Sum(group => group.Count())];
        int read = 0, write = 0;
        for (var node = 0; node < counts.Length; node++)
        {
            starts[node] = write;
            for (var end = Math.Min(targets.Length, read + counts[node]); read < end; read++)
            {
                if (targets[read] >= 0)
                    kept[write++] = targets[read];
            }

            if (dependents is not null)
            {
                foreach (var value in dependents[node])
                    kept[write++] = value;
            }
        }

        starts[^1] = write;
        return (starts, kept);
    }

    private (HeapType[] Types, HeapModule[] Modules) NumberTypes(IReadOnlyDictionary<ulong, HeapModule> modules)
    {
        // An argument need not have an object of its own.
        var waiting = new Queue<ulong>(_typeIndexes.Keys);
        while (waiting.TryDequeue(out var id))
        {
            foreach (var argument in _describedTypes.TryGetValue(id, out var type) ? type.Arguments : [])
            {
                if (_describedTypes.ContainsKey(argument) && _typeIndexes.TryAdd(argument, _typeIndexes.Count))
                    waiting.Enqueue(argument);
            }
        }

        var list = modules.Values.Distinct().ToArray();
        var types = new HeapType[_typeIndexes.Count];
        foreach (var (id, at) in _typeIndexes)
        {
            types[at] = _describedTypes.TryGetValue(id, out var type)
                ? new HeapType(
                    type.Name,
                    modules.TryGetValue(type.Module, out var module) ? Array.IndexOf(list, module) : -1,
                    type.Token,
                    [.. type.Arguments.Select(argument => _typeIndexes.GetValueOrDefault(argument, -1))])
                : HeapType.Unknown;
        }

        return (types, list);
    }
}
