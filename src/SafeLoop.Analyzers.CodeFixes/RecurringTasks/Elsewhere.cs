using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>Expressions that move to where the task is registered.</summary>
internal static class Elsewhere
{
    /// <summary>Nothing of the object, the method or the iteration in it, and nothing that cannot be named from there.</summary>
    public static bool CanStand(ExpressionSyntax expression, SemanticModel model) =>
        expression.DescendantNodesAndSelf().All(node => node is not (ThisExpressionSyntax or BaseExpressionSyntax
            or AwaitExpressionSyntax) && (node is not SimpleNameSyntax name || CanStand(name, model)));

    /// <summary>With full names: other files have other usings.</summary>
    public static ExpressionSyntax Qualified(ExpressionSyntax expression, SemanticModel model) => expression.ReplaceNodes(
        expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Where(name => !IsMemberOfAnother(name)),
        (name, _) => model.GetSymbolInfo(name).Symbol switch
        {
            INamedTypeSymbol type => SyntaxFactory.ParseExpression(type.ToDisplayString()),
            { ContainingType: { } type } => SyntaxFactory.ParseExpression($"{type.ToDisplayString()}.{name}"),
            _ => name,
        }).WithoutTrivia();

    private static bool CanStand(SimpleNameSyntax name, SemanticModel model) => model.GetSymbolInfo(name).Symbol switch
    {
        INamespaceSymbol => true,
        INamedTypeSymbol type => IsVisible(type),
        { ContainingType: not null, Kind: SymbolKind.Field or SymbolKind.Property or SymbolKind.Method } member =>
            (member.IsStatic || IsMemberOfAnother(name)) && IsVisible(member),
        _ => false,
    };

    private static bool IsMemberOfAnother(SimpleNameSyntax name) =>
        (name.Parent is MemberAccessExpressionSyntax member && member.Name == name)
        || (name.Parent is QualifiedNameSyntax part && part.Right == name) || name.Parent is MemberBindingExpressionSyntax;

    private static bool IsVisible(ISymbol symbol)
    {
        for (var place = symbol; place is not null; place = place.ContainingType)
        {
            if (place.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal
                or Accessibility.ProtectedOrInternal))
                return false;
        }

        return true;
    }
}
