using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SafeLoop.Tool;

/// <summary>
/// Whether a call through an interface or a base type may arrive at a method: its type says it
/// has that parent, and the names agree.
/// </summary>
internal sealed class Overriding(MetadataReader metadata, MethodMap map)
{
    public bool MayBe(int token, MethodDefinitionHandle method)
    {
        var (parent, name) = CalledThrough(MetadataTokens.EntityHandle(token));
        if (name is null || parent.IsNil)
            return false;

        var own = map.NameOf(method);
        return (own == name || own.EndsWith("." + name, StringComparison.Ordinal))
            && WithBases(metadata.GetMethodDefinition(method).GetDeclaringType()).Any(type =>
                type.BaseType == parent
                || type.GetInterfaceImplementations().Any(face => metadata.GetInterfaceImplementation(face).Interface == parent));
    }

    /// <summary>A type and those it inherits from, as far as they are of this module.</summary>
    private IEnumerable<TypeDefinition> WithBases(EntityHandle type)
    {
        while (type is { IsNil: false, Kind: HandleKind.TypeDefinition })
        {
            var definition = metadata.GetTypeDefinition((TypeDefinitionHandle)type);
            yield return definition;
            type = definition.BaseType;
        }
    }

    private (EntityHandle Parent, string? Name) CalledThrough(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;

        switch (handle.Kind)
        {
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return (method.GetDeclaringType(), metadata.GetString(method.Name));
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return (member.Parent, metadata.GetString(member.Name));
            default:
                return (default, null);
        }
    }
}
