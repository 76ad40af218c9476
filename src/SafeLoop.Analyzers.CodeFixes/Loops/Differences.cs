using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>What a loop does differently, for the title of the fix: mostly what was meant in the first place.</summary>
internal static class Differences
{
    public static string Of(LoopPlan plan) => string.Join(", ", All(plan));

    private static IEnumerable<string> All(LoopPlan plan)
    {
        if (plan.Calls.Any(call => IsCleanedUpAround(call.Statement, plan.Body)))
            yield return "cleans up after each iteration";
        if (plan.Calls.Any(call => IsRethrownAround(call.Statement, plan.Body)))
            yield return "handles an exception once";
        if (plan.Token is not null)
            yield return "ends when cancelled";
    }

    /// <summary>The calls cleaned up in reverse order, when the last one had ended.</summary>
    private static bool IsCleanedUpAround(SyntaxNode call, SyntaxNode body)
    {
        for (var node = call; node != body && node.Parent is { } parent; node = parent)
        {
            if (parent is UsingStatementSyntax or LockStatementSyntax or TryStatementSyntax { Finally: not null })
                return true;
            if (parent is BlockSyntax block && block.Statements.TakeWhile(statement => statement != node).Any(IsUsing))
                return true;
        }

        return false;
    }

    private static bool IsUsing(StatementSyntax statement) => statement is LocalDeclarationStatementSyntax declaration && declaration.UsingKeyword.IsKind(SyntaxKind.UsingKeyword);

    /// <summary>An exception that leaves a handler went on to the same handler of each earlier call.</summary>
    private static bool IsRethrownAround(SyntaxNode call, SyntaxNode body) =>
        call.Ancestors().TakeWhile(node => node != body).OfType<TryStatementSyntax>()
            .Any(handled => handled.Block.Span.Contains(call.Span) && handled.Catches.Any(handler => handler.DescendantNodes().Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax)));
}
