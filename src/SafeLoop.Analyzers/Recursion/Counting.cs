using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// A declaration that counts something which outlives the call, or reads the time, and compares it. Known by its
/// syntax alone: it may stand in another file, whose operations an analyzer does not get.
/// </summary>
internal static class Counting
{
    private static readonly string[] Times = ["UtcNow", "Now", "Elapsed", "ElapsedMilliseconds", "TickCount", "TickCount64",
        "GetUtcNow", "GetTimestamp", "GetElapsedTime"];

    /// <summary>Whether it compares what it counts.</summary>
    public static bool Compares(SyntaxNode declaration)
    {
        var counted = CountedIn(declaration);
        return Nodes(declaration).Any(node => Compared(node) is { } compared && Mentions(compared, counted));
    }

    /// <summary>Whether it throws because of what it counts.</summary>
    public static bool Throws(SyntaxNode declaration)
    {
        var throws = Nodes(declaration).Where(node => node is ThrowStatementSyntax or ThrowExpressionSyntax).ToList();
        if (throws.Count == 0)
            return false;
        var counted = CountedIn(declaration);
        return throws.Any(thrown => thrown.Ancestors().TakeWhile(node => node != declaration).Any(node =>
            Condition(node) is { } condition && Mentions(condition, counted))
            || Nodes(declaration).Any(node => node is IfStatementSyntax before && before.Span.End < thrown.SpanStart
                && Mentions(before.Condition, counted) && before.Statement.DescendantNodesAndSelf().Any(inner =>
                inner is ReturnStatementSyntax)));
    }

    private static HashSet<string> CountedIn(SyntaxNode declaration)
    {
        var counted = new HashSet<string>(Nodes(declaration).Select(Counted).Where(name => name is not null)!,
            StringComparer.Ordinal);
        counted.ExceptWith(Nodes(declaration).OfType<VariableDeclaratorSyntax>().Select(local => local.Identifier.Text));
        return counted;
    }

    /// <summary>A parameter itself is a copy, unless it is a collection that is added to.</summary>
    private static string? Counted(SyntaxNode node) => node switch
    {
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression,
            Operand: var step } => Member(step),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression
            or (int)SyntaxKind.PostDecrementExpression, Operand: var step } => Member(step),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression
            or (int)SyntaxKind.SubtractAssignmentExpression, Left: var step } => Member(step),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: var step,
            Right: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression,
            Left: var from } } when from.ToString() == step.ToString() => Member(step),
        ArgumentSyntax
        {
            RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword,
            Expression: var step,
            Parent.Parent: InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Increment" or "Decrement" or "Add" },
            },
        } => Member(step),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Add" or "Enqueue"
            or "Push", Expression: var collection } } => NameOf(collection),
        _ => null,
    };

    private static string? Member(ExpressionSyntax step) =>
        step is IdentifierNameSyntax name && name.Ancestors().OfType<BaseMethodDeclarationSyntax>().FirstOrDefault() is { } method
            && method.ParameterList.Parameters.Any(parameter => parameter.Identifier.Text == name.Identifier.Text
            && !parameter.Modifiers.Any(SyntaxKind.RefKeyword))
            ? null
            : NameOf(step);

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        PostfixUnaryExpressionSyntax forgiven => NameOf(forgiven.Operand),
        _ => null,
    };

    private static SyntaxNode? Compared(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax comparison when comparison.Kind() is SyntaxKind.LessThanExpression
            or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression
            or SyntaxKind.GreaterThanOrEqualExpression or SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression =>
                comparison,
        IsPatternExpressionSyntax pattern => pattern.Expression,
        SwitchStatementSyntax choice => choice.Expression,
        SwitchExpressionSyntax choice => choice.GoverningExpression,
        _ => null,
    };

    private static SyntaxNode? Condition(SyntaxNode node) => node switch
    {
        IfStatementSyntax choice => choice.Condition,
        ConditionalExpressionSyntax choice => choice.Condition,
        CatchClauseSyntax { Filter: { } filter } => filter,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } choice => choice.Left,
        _ => Compared(node),
    };

    private static bool Mentions(SyntaxNode expression, HashSet<string> counted) =>
        expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
            .Any(name => counted.Contains(name.Identifier.Text) || Times.Contains(name.Identifier.Text));

    private static IEnumerable<SyntaxNode> Nodes(SyntaxNode declaration) => declaration.DescendantNodes();
}
