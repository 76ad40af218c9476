using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

public class VarianceTests
{
    /// <summary>
    /// Under Native AOT a cast back to such a delegate fails, although it is of exactly that type. Keep the delegate in a field
    /// of its type, or compare references.
    /// </summary>
    [Fact]
    public void No_delegate_is_cast_to_a_variant_type() => Assert.Empty(
        Casts.Where(cast => IsVariantDelegate(cast.Type))
            .Select(cast => $"{CoreSource.NameOf(cast.Place.SourceTree!)}: {cast.Type}"));

    [Fact]
    public void Casts_are_found() => Assert.Contains(Casts, cast => cast.Type.Name == "RecurringTaskBuilder");

    private static IEnumerable<(ITypeSymbol Type, Location Place)> Casts =>
        from file in CoreSource.Files
        let model = CoreSource.ModelOf(file)
        from node in file.GetRoot().DescendantNodes()
        let target = node switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression or (int)SyntaxKind.IsExpression } test => test.Right,
            CastExpressionSyntax cast => cast.Type,
            DeclarationPatternSyntax pattern => pattern.Type,
            RecursivePatternSyntax { Type: { } type } => type,
            TypePatternSyntax pattern => pattern.Type,
            ConstantPatternSyntax { Expression: NameSyntax name } => name, // `is X` within a pattern
            GenericNameSyntax { Identifier.Text: "OfType" or "Cast" } call => call.TypeArgumentList.Arguments[0],
            _ => null,
        }
        where target is not null
        let found = model.GetSymbolInfo(target).Symbol as ITypeSymbol
        where found is not null
        select (found, target.GetLocation());

    private static bool IsVariantDelegate(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Delegate } named
        && named.OriginalDefinition.TypeParameters.Any(parameter => parameter.Variance is not VarianceKind.None);
}
