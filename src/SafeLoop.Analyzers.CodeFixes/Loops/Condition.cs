using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Turns a condition round, in as few words as it can.</summary>
internal static class Condition
{
    public static ExpressionSyntax Not(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax inner => Not(inner.Expression),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: var operand } =>
            operand is ParenthesizedExpressionSyntax inner ? inner.Expression : operand,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } equal =>
            BinaryExpression(SyntaxKind.NotEqualsExpression, equal.Left, equal.Right),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } different =>
            BinaryExpression(SyntaxKind.EqualsExpression, different.Left, different.Right),
        SimpleNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
        or AwaitExpressionSyntax or LiteralExpressionSyntax => Negated(condition),
        _ => Negated(ParenthesizedExpression(condition)),
    };

    /// <summary>The condition as one side of <c>&amp;&amp;</c>.</summary>
    public static ExpressionSyntax Operand(ExpressionSyntax condition) =>
        condition is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression or (int)SyntaxKind.CoalesceExpression }
            or ConditionalExpressionSyntax or AssignmentExpressionSyntax
            ? ParenthesizedExpression(condition)
            : condition;

    private static PrefixUnaryExpressionSyntax Negated(ExpressionSyntax condition) =>
        PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, condition);
}
