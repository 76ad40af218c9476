using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>What stands around a call to itself and acts when that call has ended.</summary>
internal static class Surroundings
{
    /// <summary>The calls cleaned up in reverse order, when the last one had ended.</summary>
    public static bool CleansUp(SyntaxNode call, SyntaxNode body, SemanticModel model)
    {
        for (var node = call; node != body && node.Parent is { } parent; node = parent)
        {
            if (parent is UsingStatementSyntax or LockStatementSyntax or TryStatementSyntax { Finally: not null })
                return true;
            if (parent is CommonForEachStatementSyntax loop && DisposesEnumerator(loop, model))
                return true;
            if (parent is BlockSyntax block && block.Statements.TakeWhile(statement => statement != node).Any(IsUsing))
                return true;
        }

        return false;
    }

    /// <summary>Those of arrays and of the usual collections have nothing to dispose.</summary>
    private static bool DisposesEnumerator(CommonForEachStatementSyntax loop, SemanticModel model) =>
        model.GetTypeInfo(loop.Expression).Type is not (IArrayTypeSymbol or { SpecialType: SpecialType.System_String }
            or { TypeKind: TypeKind.Class or TypeKind.Struct, ContainingNamespace: { Name: "Generic" or "Immutable"
                or "System" } })
        && model.GetForEachStatementInfo(loop).DisposeMethod is not null;

    /// <summary>The handlers that an exception of a later iteration came by.</summary>
    public static IEnumerable<CatchClauseSyntax> HandlersOf(SyntaxNode call, SyntaxNode body) =>
        HandlingOf(call, body).SelectMany(handled => handled.Catches);

    public static IEnumerable<TryStatementSyntax> HandlingOf(SyntaxNode call, SyntaxNode body) =>
        call.Ancestors().TakeWhile(node => node != body).OfType<TryStatementSyntax>()
            .Where(handled => handled.Catches.Count > 0 && handled.Block.Span.Contains(call.Span));

    public static bool IsUsing(StatementSyntax statement) =>
        statement is LocalDeclarationStatementSyntax declaration && declaration.UsingKeyword.IsKind(SyntaxKind.UsingKeyword);
}
