using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>Reads the patterns of fields from their signatures.</summary>
internal sealed class TypePatterns : ISignatureTypeProvider<TypePattern, object?>
{
    private static readonly TypePattern Parameter = new(TypePattern.Any, []);
    private static readonly TypePattern Array = new(FieldTypes.Array, []);
    private static readonly TypePattern NoObject = new(FieldTypes.NoObject, []);

    public TypePattern GetPrimitiveType(PrimitiveTypeCode typeCode) => new($"System.{typeCode}", []);

    public TypePattern GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        new(FieldTypes.NameOf(reader, handle), []);

    public TypePattern GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        new(FieldTypes.NameOf(reader, (EntityHandle)handle) ?? TypePattern.Any, []);

    public TypePattern GetGenericInstantiation(TypePattern genericType, ImmutableArray<TypePattern> typeArguments) =>
        genericType with { Arguments = typeArguments };

    public TypePattern GetSZArrayType(TypePattern elementType) => Array;

    public TypePattern GetArrayType(TypePattern elementType, ArrayShape shape) => Array;

    public TypePattern GetByReferenceType(TypePattern elementType) => NoObject;

    public TypePattern GetPointerType(TypePattern elementType) => NoObject;

    public TypePattern GetFunctionPointerType(MethodSignature<TypePattern> signature) => NoObject;

    public TypePattern GetPinnedType(TypePattern elementType) => elementType;

    public TypePattern GetModifiedType(TypePattern modifier, TypePattern unmodifiedType, bool isRequired) => unmodifiedType;

    public TypePattern GetGenericMethodParameter(object? genericContext, int index) => Parameter;

    public TypePattern GetGenericTypeParameter(object? genericContext, int index) => Parameter;

    public TypePattern GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle,
        byte rawTypeKind) => Parameter;
}
