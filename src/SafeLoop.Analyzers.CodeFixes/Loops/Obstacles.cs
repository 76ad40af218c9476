using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Where a loop would not do what the calls do.</summary>
internal static class Obstacles
{
    public static bool InWay(Function function, SyntaxNode declaration, SyntaxNode body, SemanticModel model) =>
        !(function.Method.IsAsync || function.IsIterator)
        || CanBeOverridden(function.Method)
        || CanBeReplaced(function, declaration, model)
        || body.DescendantTrivia().Any(trivia => trivia.IsDirective && !trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia) && !trivia.IsKind(SyntaxKind.NullableDirectiveTrivia));

    /// <summary>In a loop all iterations share the parameters; a lambda made in one would see what the next one does to them.</summary>
    public static bool Captures(LoopPlan plan, SemanticModel model)
    {
        if (model.AnalyzeDataFlow(plan.Body) is not { Succeeded: true } flow)
            return true;
        var changed = plan.Calls.SelectMany(call => call.Changes).Select(change => (ISymbol)change.Parameter).Concat(flow.WrittenInside);
        return changed.OfType<IParameterSymbol>().Any(parameter => flow.Captured.Contains(parameter, SymbolEqualityComparer.Default));
    }

    /// <summary>Each call finds the override anew, a loop stays in this body.</summary>
    private static bool CanBeOverridden(IMethodSymbol method) =>
        (method.IsVirtual || method.IsAbstract || (method.IsOverride && !method.IsSealed)) && !method.ContainingType.IsSealed;

    /// <summary>A lambda calls whatever its variable holds by then.</summary>
    private static bool CanBeReplaced(Function function, SyntaxNode declaration, SemanticModel model) => function.Name switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        ILocalSymbol local => Assignments(local, declaration, model) != 1,
        _ => false,
    };

    private static int Assignments(ILocalSymbol local, SyntaxNode declaration, SemanticModel model)
    {
        var member = declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>()!;
        var count = 0;
        foreach (var node in member.DescendantNodes())
        {
            count += node switch
            {
                AssignmentExpressionSyntax assignment when SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(assignment.Left).Symbol, local) => 1,
                VariableDeclaratorSyntax { Initializer.Value: { } value } declarator when SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(declarator), local) && !IsNothing(value) => 1,
                ArgumentSyntax argument when !argument.RefKindKeyword.IsKind(SyntaxKind.None) && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(argument.Expression).Symbol, local) => 2,
                _ => 0,
            };
        }

        return count;
    }

    private static bool IsNothing(ExpressionSyntax value) => value switch
    {
        PostfixUnaryExpressionSyntax forgiven => IsNothing(forgiven.Operand),
        _ => value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression),
    };
}
