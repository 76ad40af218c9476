using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>The variables and own members that expressions name.</summary>
internal static class Symbols
{
    public static ISymbol? Of(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property => property.Property,
        _ => null,
    };

    public static bool IsVariable(ISymbol symbol) => symbol is ILocalSymbol or IParameterSymbol;

    public static IEnumerable<ISymbol> In(IOperation expression) =>
        expression.DescendantsAndSelf().Select(Of).Where(symbol => symbol is not null)!;
}
