using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>
/// Reads of a field's type what its value must be: the full name of the type, <see cref="Array"/>,
/// <see cref="NoObject"/>, or null where nothing can be said.
/// </summary>
internal sealed class FieldTypes : ISignatureTypeProvider<string?, object?>
{
    public const string Array = "[]";

    /// <summary>A number or a pointer: no object on the heap.</summary>
    public const string NoObject = "";

    public static string NameOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        for (; !type.GetDeclaringType().IsNil; name = $"{metadata.GetString(type.Name)}.{name}")
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return WithNamespace(metadata.GetString(type.Namespace), name);
    }

    /// <returns>Null for a type whose name is not one in the metadata.</returns>
    public static string? NameOf(MetadataReader metadata, EntityHandle handle) => handle.IsNil ? null : handle.Kind switch
    {
        HandleKind.TypeDefinition => NameOf(metadata, (TypeDefinitionHandle)handle),
        HandleKind.TypeReference => NameOf(metadata, (TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle)
            .DecodeSignature(new FieldTypes(), null),
        _ => null,
    };

    public string? GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.String => "System.String",
        PrimitiveTypeCode.Object => null,
        _ => NoObject,
    };

    public string? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        NameOf(reader, handle);

    public string? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        NameOf(reader, handle);

    public string? GetGenericInstantiation(string? genericType, ImmutableArray<string?> typeArguments) => genericType;

    public string? GetSZArrayType(string? elementType) => Array;

    public string? GetArrayType(string? elementType, ArrayShape shape) => Array;

    public string? GetByReferenceType(string? elementType) => NoObject;

    public string? GetPointerType(string? elementType) => NoObject;

    public string? GetFunctionPointerType(MethodSignature<string?> signature) => NoObject;

    public string? GetPinnedType(string? elementType) => elementType;

    public string? GetModifiedType(string? modifier, string? unmodifiedType, bool isRequired) => unmodifiedType;

    public string? GetGenericMethodParameter(object? genericContext, int index) => null;

    public string? GetGenericTypeParameter(object? genericContext, int index) => null;

    public string? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle,
        byte rawTypeKind) => null;

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        for (; type.ResolutionScope.Kind == HandleKind.TypeReference; name = $"{metadata.GetString(type.Name)}.{name}")
            type = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        return WithNamespace(metadata.GetString(type.Namespace), name);
    }

    private static string WithNamespace(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
