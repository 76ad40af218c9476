using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>What one module says about its methods.</summary>
internal sealed class ModuleSource(ModuleFile file, SourceText text)
{
    public ModuleFile File { get; } = file;
    public MethodMap Map { get; } = new(file);
    public SourceLines Lines { get; } = new(file, text);

    /// <param name="method">The method.</param>
    /// <param name="chained">Methods of this module in the same chain.</param>
    /// <param name="isPromiseKept">It does not wait for a returned task but for a promise.</param>
    public ChainedMethod Describe(MethodDefinitionHandle method, IReadOnlySet<MethodDefinitionHandle> chained, bool isPromiseKept)
    {
        var call = new SelfCallSearch(File, Map).Find(method, chained, isPromiseKept);
        return new ChainedMethod
        {
            Name = MethodNames.Of(File.Metadata, method),
            Module = Path.GetFileName(File.Path),
            Declared = Lines.Start(Map.BodiesOf(method), SimpleName(method)),
            CallsItself = call is not null,
            Recursion = call is null ? null : Lines.At(call.Body, call.Offset),
            IsIterator = Map.IsIterator(method),
        };
    }

    /// <summary>Methods that unwrap a task of tasks and come back to themselves.</summary>
    public IEnumerable<ChainedMethod> SelfUnwrapping() =>
        from method in File.Metadata.MethodDefinitions
        where !Map.NameOf(method).StartsWith('<') && Map.BodiesOf(method).Any(Unwraps)
        let described = Describe(method, new HashSet<MethodDefinitionHandle>(), isPromiseKept: false)
        where described.CallsItself
        select described;

    private bool Unwraps(MethodDefinitionHandle body) =>
        File.CodeOf(body).Any(line => line.IsCall && NameOf(line.Token) == "Unwrap");

    private string NameOf(int token)
    {
        var handle = System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(token);
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = File.Metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        return handle.Kind == HandleKind.MemberReference
            ? File.Metadata.GetString(File.Metadata.GetMemberReference((MemberReferenceHandle)handle).Name)
            : "";
    }

    private string SimpleName(MethodDefinitionHandle method)
    {
        var name = MethodNames.Unmangle(Map.NameOf(method)).Split(' ')[0];
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
