using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// Whether a body waits for anything but itself. One that does not would never give its thread back as a loop; the
/// calls at least ended in a stack overflow.
/// </summary>
internal static class Awaits
{
    public static bool AnyIn(SyntaxNode body, ICollection<StatementSyntax> except) =>
        body.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            && !(node is StatementSyntax statement && except.Contains(statement)))
            .Any(node => node is AwaitExpressionSyntax
                or ForEachStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword }
                or UsingStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword }
                or LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword });
}
