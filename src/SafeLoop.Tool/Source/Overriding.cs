using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SafeLoop.Tool;

/// <summary>Whether a call through an interface or a base type may arrive at a method: its type says it has that parent, and the names agree.</summary>
internal sealed class Overriding(MetadataReader metadata, MethodMap map)
{
    public bool MayBe(int token, MethodDefinitionHandle method)
    {
        var (parent, name) = CalledThrough(MetadataTokens.EntityHandle(token));
        if (name is null || parent.IsNil)
            return false;

        var own = map.NameOf(method);
        var type = metadata.GetTypeDefinition(metadata.GetMethodDefinition(method).GetDeclaringType());
        return (own == name || own.EndsWith("." + name, StringComparison.Ordinal))
            && (type.BaseType == parent || type.GetInterfaceImplementations().Any(face => metadata.GetInterfaceImplementation(face).Interface == parent));
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
