using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>A member that says whether to go on, rather than how much is left.</summary>
internal static class Flag
{
    private static readonly string[] Amounts = ["Has", "Needs", "Should", "More", "Any", "Can"];

    public static bool Is(ISymbol member) =>
        TypeOf(member) is { } type && (type.SpecialType == SpecialType.System_Boolean || type.TypeKind == TypeKind.Enum)
        && !NamesAnAmount(member.Name);

    /// <summary>Whether a condition looks at nothing but flags that the code around it does not set.</summary>
    public static bool IsAll(IOperation condition, Func<ISymbol, bool> isSet) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand } => IsAll(operand, isSet),
        IParenthesizedOperation { Operand: var operand } => IsAll(operand, isSet),
        IBinaryOperation { LeftOperand: var left, RightOperand: var right } => IsAll(left, isSet) && IsAll(right, isSet),
        IConversionOperation { Operand: var operand } => IsAll(operand, isSet),
        IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.Name: "Volatile" }, Arguments: { Length: 1 } read } =>
            IsAll(read[0].Value, isSet),
        IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } => true,
        { ConstantValue.HasValue: true } => true,
        IFieldReferenceOperation or IPropertyReferenceOperation =>
            Symbols.Of(condition) is { } member && Is(member) && !isSet(member),
        _ => false,
    };

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static bool NamesAnAmount(string name)
    {
        var word = name.TrimStart('_');
        return Amounts.Any(amount => word.StartsWith(amount, StringComparison.OrdinalIgnoreCase))
            || word.EndsWith("Left", StringComparison.Ordinal) || word.EndsWith("Remaining", StringComparison.Ordinal);
    }
}
