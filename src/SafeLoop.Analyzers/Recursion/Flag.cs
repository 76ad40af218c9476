using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>A member that says whether to go on, rather than how much is left.</summary>
internal static class Flag
{
    private static readonly string[] Amounts = ["Has", "Needs", "Should", "More", "Any", "Can"];

    public static bool Is(ISymbol member) =>
        TypeOf(member) is { } type && (type.SpecialType == SpecialType.System_Boolean || type.TypeKind == TypeKind.Enum) && !NamesAnAmount(member.Name);

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static bool NamesAnAmount(string name)
    {
        var word = name.TrimStart('_');
        return Amounts.Any(amount => word.StartsWith(amount, StringComparison.OrdinalIgnoreCase)) || word.EndsWith("Left", StringComparison.Ordinal) || word.EndsWith("Remaining", StringComparison.Ordinal);
    }
}
