namespace SafeLoop.Tool.Tests.Chains;

/// <summary>Builds a heap by hand, object by object.</summary>
/// <param name="module">Where its types are from; null: not known.</param>
/// <param name="place">
/// The place of the first object, in objects; with static fields whose values stay where they are. Null: without any.
/// </param>
internal sealed class HeapDrawing(HeapModule? module = null, int? place = null)
{
    private const int Landmarks = 10;

    private readonly List<(string Type, List<int> References)> _objects = [];
    private readonly List<(int Node, RootKind Kind)> _roots = [];

    public int Add(string type, params ReadOnlySpan<int> references)
    {
        _objects.Add((type, [.. references]));
        return _objects.Count - 1;
    }

    public void Refer(int from, int to) => _objects[from].References.Add(to);

    public void Root(int node, RootKind kind = RootKind.Handle) => _roots.Add((node, kind));

    public HeapGraph Draw()
    {
        var builder = new HeapGraphBuilder();
        var types = _objects.Select(one => one.Type).Distinct().ToList();
        foreach (var (i, type) in types.Index())
            builder.DescribeType((ulong)i + 1, type, module is null ? 0UL : 1, 0, []);
        foreach (var (i, one) in _objects.Index())
        {
            builder.AddObject(Address(i), 100, (ulong)types.IndexOf(one.Type) + 1, one.References.Count);
            foreach (var target in one.References)
                builder.AddReference(Address(target));
        }

        for (var i = 0; i < Landmarks && place is not null; i++)
        {
            var address = 0x1000_0000UL + ((ulong)i * 64);
            builder.AddObject(address, 24, 1, references: 1);
            builder.AddReference(address);
            builder.AddStatic(address, slot: 0, $"_field{i}");
        }

        foreach (var (node, kind) in _roots)
            builder.AddRoot(Address(node), kind);
        return builder.Build(module is null ? new Dictionary<ulong, HeapModule>() : new Dictionary<ulong,
            HeapModule> { [1] = module });
    }

    /// <summary>Not in order, as on a heap with regions.</summary>
    private ulong Address(int node) =>
        0x7f00_0000_0000UL + ((ulong)(node % 2 == 0 ? node + (place ?? 0) : 10_000_000 - node - (place ?? 0)) * 24);
}
