using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SafeLoop.Tool;

/// <summary>
/// Names the methods of chains: from a type on the heap over its module's metadata to the method, the file and the line.
/// </summary>
internal sealed class ChainSource(HeapGraph graph, int processId) : IDisposable
{
    private readonly Dictionary<int, ModuleSource?> _modules = [];
    private readonly SourceText _text = new();

    public IReadOnlyList<ChainedMethod> MethodsOf(ChainGroup chains) => chains.Kind switch
    {
        ChainKind.Methods => Locate(chains.Methods, isPromiseKept: false),
        ChainKind.Closures => Locate(CarriedBy(chains) is { } carried ? [carried] : chains.Methods, isPromiseKept: true),
        ChainKind.Promises => ByElimination(),
        _ => [],
    };

    /// <summary>The source around the recursion, from the method's head on.</summary>
    public IReadOnlyList<SourceLine> ExcerptOf(ChainedMethod method)
    {
        const int MaxHead = 20;
        if (method is not { Declared: { } head, Recursion: { } recursion })
            return [];

        var from = head.File == recursion.File && head.Line <= recursion.Line ? head.Line : recursion.Line;
        return _text.Around(recursion, Math.Max(from, recursion.Line - MaxHead));
    }

    /// <summary>The whole name of a type, with the types it is nested in.</summary>
    public string NameOf(int type)
    {
        var heapType = graph.Types[type];
        if (FrameRules.IsBox(heapType) && heapType.Arguments is [.., >= 0 and var machine])
            return NameOf(machine);
        if (!heapType.Name.StartsWith('<') && heapType.Name.Contains('.', StringComparison.Ordinal))
            return graph.NameOf(type);
        return ModuleOf(type) is { } module && HandleOf(heapType) is { } handle
            ? MethodNames.TypeOf(module.File.Metadata, handle) + Suffix(heapType.Name)
            : MethodNames.Unmangle(heapType.Name);
    }

    public void Dispose()
    {
        foreach (var module in _modules.Values)
            module?.File.Dispose();
    }

    private IReadOnlyList<ChainedMethod> Locate(IReadOnlyList<int> types, bool isPromiseKept)
    {
        var owners = types.ToDictionary(type => type, OwnerOf);
        return [.. types.Select(type => owners[type] is { } owner
            ? owner.Module.Describe(owner.Method, owners.Values.Where(other => other?.Module == owner.Module)
                .Select(other => other!.Value.Method).ToHashSet(), isPromiseKept)
            : new ChainedMethod { Name = NameOf(type), Module = ModuleNameOf(type) })];
    }

    private (ModuleSource Module, MethodDefinitionHandle Method)? OwnerOf(int type)
    {
        if (ModuleOf(type) is not { } module || HandleOf(graph.Types[type]) is not { } handle)
            return null;

        var owner = graph.Types[type].Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal)
            ? module.Map.CreatorOf(handle)
            : module.Map.OwnerOf(handle);
        return owner is null ? null : (module, owner.Value);
    }

    /// <summary>A trampoline's closures carry one generator each: that is the method to name, not the trampoline.</summary>
    private int? CarriedBy(ChainGroup chains)
    {
        var carried = chains.Nodes
            .SelectMany(node => graph.ReferencesOf(node).ToArray().Select(target => graph.TypeOf[target])
                .Where(IsStateMachine).Distinct())
            .CountBy(type => type).OrderByDescending(pair => pair.Value).FirstOrDefault();
        return carried.Value * 10L >= chains.Nodes.Length * 8L ? carried.Key : null;
    }

    private static string Suffix(string name) => name switch
    {
        ['<', '>', ..] => " (closure)",
        ['<', ..] => "." + MethodNames.Unmangle(name),
        _ => "",
    };

    private bool IsStateMachine(int type) =>
        graph.Types[type].Name.StartsWith('<') && graph.Types[type].Name.Contains(">d__", StringComparison.Ordinal);

    /// <summary>
    /// Nothing on the heap says which method made a bare promise. If only one method of the program unwraps such a result,
    /// it was that method.
    /// </summary>
    private IReadOnlyList<ChainedMethod> ByElimination()
    {
        var suspects = Enumerable.Range(0, graph.Modules.Length).Where(IsUsersModule).Select(ModuleAt).OfType<ModuleSource>()
            .SelectMany(module => module.SelfUnwrapping()).Take(2).ToArray();
        return suspects is [var only] ? [only with { IsByElimination = true }] : [];
    }

    /// <summary>
    /// Made to flow with the context. A framework object that user code stores there, such as a document with its
    /// elements, is linked for reasons of its own.
    /// </summary>
    public bool IsAmbient(ChainGroup chains) => chains.Kind is ChainKind.AmbientValues && chains.Methods.All(type =>
        graph.Types[type].Name is "System.Diagnostics.Activity"
        || ModuleNameOf(type).StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal)
        || IsOfTheUser(type));

    /// <summary>The type is of no assembly of the framework; of a box, its method.</summary>
    public bool IsOfTheUser(int type)
    {
        if (FrameRules.IsBox(graph.Types[type]) && graph.Types[type].Arguments is [.., >= 0 and var machine])
            type = machine;
        return graph.Types[type].Module is >= 0 and var module && IsUsersModule(module);
    }

    /// <summary>Not known to be of the framework: its own large fields have names.</summary>
    public bool IsOfTheUser(HeapRoot root) => root.Module < 0 || IsUsersModule(root.Module);

    private bool IsUsersModule(int module) => !graph.Modules[module].IsOfTheFramework;

    private string ModuleNameOf(int type) =>
        graph.Types[type].Module is >= 0 and var module ? Path.GetFileName(graph.Modules[module].Path) : "";

    private ModuleSource? ModuleOf(int type) => graph.Types[type].Module is >= 0 and var module ? ModuleAt(module) : null;

    private ModuleSource? ModuleAt(int module)
    {
        if (!_modules.TryGetValue(module, out var source))
            _modules[module] =
                source = ModuleFile.TryOpen(graph.Modules[module], processId) is { } file ? new ModuleSource(file, _text) : null;
        return source;
    }

    private static TypeDefinitionHandle? HandleOf(HeapType type)
    {
        const int Row = 0xFFFFFF;
        return (type.Token & Row) == 0 ? null : MetadataTokens.TypeDefinitionHandle(type.Token & Row);
    }
}
