using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>Says in one module which method a compiler-generated type stands for, and what a method's code is.</summary>
internal sealed class MethodMap(ModuleFile file)
{
    private readonly MetadataReader _metadata = file.Metadata;

    /// <summary>The method that creates the state machine; null when no method says so.</summary>
    public MethodDefinitionHandle? OwnerOf(TypeDefinitionHandle stateMachine)
    {
        var declaring = _metadata.GetTypeDefinition(stateMachine).GetDeclaringType();
        if (declaring.IsNil)
            return null;

        foreach (var method in _metadata.GetTypeDefinition(declaring).GetMethods())
        {
            if (StateMachineOf(method) == stateMachine)
                return method;
        }

        return null;
    }

    /// <summary>The method that creates the closure: the first whose code does.</summary>
    public MethodDefinitionHandle? CreatorOf(TypeDefinitionHandle closure)
    {
        var declaring = _metadata.GetTypeDefinition(closure).GetDeclaringType();
        if (declaring.IsNil)
            return null;

        var constructor = _metadata.GetTypeDefinition(closure).GetMethods().First(method => NameOf(method) == ".ctor");
        var around = _metadata.GetTypeDefinition(declaring);
        return around.GetMethods()
            // A lambda in a lambda.
            .Concat(around.GetNestedTypes().SelectMany(nested => _metadata.GetTypeDefinition(nested).GetMethods()))
            .Select(method => (MethodDefinitionHandle?)method)
            .FirstOrDefault(method => BodiesOf(method!.Value)
                .Any(body => file.CodeOf(body).Any(line => line.IsCall && Resolve(line.Token) == constructor)));
    }

    /// <summary>A method's own code and, if it is async or an iterator, the code its body has been moved to.</summary>
    public IEnumerable<MethodDefinitionHandle> BodiesOf(MethodDefinitionHandle method)
    {
        yield return method;
        if (StateMachineOf(method) is not { } machine)
            yield break;

        foreach (var candidate in _metadata.GetTypeDefinition(machine).GetMethods())
        {
            if (NameOf(candidate) == "MoveNext")
                yield return candidate;
        }
    }

    public TypeDefinitionHandle? StateMachineOf(MethodDefinitionHandle method)
    {
        var name = StateMachineNameOf(method);
        if (name is null)
            return null;

        var declaring = _metadata.GetMethodDefinition(method).GetDeclaringType();
        foreach (var nested in _metadata.GetTypeDefinition(declaring).GetNestedTypes())
        {
            if (name.EndsWith("+" + _metadata.GetString(_metadata.GetTypeDefinition(nested).Name), StringComparison.Ordinal))
                return nested;
        }

        return null;
    }

    public string NameOf(MethodDefinitionHandle method) => _metadata.GetString(_metadata.GetMethodDefinition(method).Name);

    public bool IsIterator(MethodDefinitionHandle method) =>
        StateMachineAttributeOf(method) is "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute";

    /// <summary>The method of this module a token names; null if it is another module's.</summary>
    public MethodDefinitionHandle? Resolve(int token)
    {
        var handle = System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(token);
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind == HandleKind.MethodDefinition)
            return (MethodDefinitionHandle)handle;
        return handle.Kind == HandleKind.MemberReference
            ? OfGenericType(_metadata.GetMemberReference((MemberReferenceHandle)handle))
            : null;
    }

    /// <summary>A method of an instantiated type of this module: its open definition has the same name and signature.</summary>
    private MethodDefinitionHandle? OfGenericType(MemberReference reference)
    {
        if (GenericDefinition(reference.Parent) is not { } type)
            return null;

        var signature = _metadata.GetBlobBytes(reference.Signature);
        foreach (var method in _metadata.GetTypeDefinition(type).GetMethods())
        {
            var definition = _metadata.GetMethodDefinition(method);
            if (_metadata.StringComparer.Equals(definition.Name, _metadata.GetString(reference.Name))
                && _metadata.GetBlobBytes(definition.Signature).AsSpan().SequenceEqual(signature))
                return method;
        }

        return null;
    }

    private TypeDefinitionHandle? GenericDefinition(EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeSpecification)
            return null;

        var blob = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;

        blob.ReadByte(); // class or struct
        var definition = blob.ReadTypeHandle();
        return definition.Kind == HandleKind.TypeDefinition ? (TypeDefinitionHandle)definition : null;
    }

    private string? StateMachineNameOf(MethodDefinitionHandle method)
    {
        foreach (var handle in _metadata.GetMethodDefinition(method).GetCustomAttributes())
        {
            var attribute = _metadata.GetCustomAttribute(handle);
            if (!IsStateMachineAttribute(attribute))
                continue;

            var value = _metadata.GetBlobReader(attribute.Value);
            value.ReadUInt16(); // prolog
            return value.ReadSerializedString() is { } name ? SerializedTypeName.Of(name) : null;
        }

        return null;
    }

    private string? StateMachineAttributeOf(MethodDefinitionHandle method) =>
        _metadata.GetMethodDefinition(method).GetCustomAttributes()
            .Select(_metadata.GetCustomAttribute).Where(IsStateMachineAttribute).Select(AttributeName).FirstOrDefault();

    private bool IsStateMachineAttribute(CustomAttribute attribute) =>
        AttributeName(attribute)?.EndsWith("StateMachineAttribute", StringComparison.Ordinal) == true;

    private string? AttributeName(CustomAttribute attribute)
    {
        var type = attribute.Constructor.Kind switch
        {
            HandleKind.MemberReference => _metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent,
            HandleKind.MethodDefinition =>
                _metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType(),
            _ => default(EntityHandle),
        };
        return type.Kind switch
        {
            HandleKind.TypeReference => _metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)type).Name),
            HandleKind.TypeDefinition => _metadata.GetString(_metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name),
            _ => null,
        };
    }
}
