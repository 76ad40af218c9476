using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.Loops;

/// <summary>The loop as a person would write it: with its condition at the head or at the foot.</summary>
internal static class Shorter
{
    /// <summary>
    /// A body that begins with <c>if (done) return;</c> is <c>while (!done)</c>; any other is
    /// endless, unless a token must end it.
    /// </summary>
    public static WhileStatementSyntax While(IParameterSymbol? token, BlockSyntax body)
    {
        ExpressionSyntax? condition = token is null ? null : GoesOn(token);
        if (body.Statements.FirstOrDefault() is IfStatementSyntax { Else: null } guard && IsExit(guard.Statement)
            && !Declares(guard.Condition) && !HasComment(guard.WithLeadingTrivia()))
        {
            var goesOn = Condition.Not(guard.Condition.WithoutTrivia());
            condition = condition is null
                ? goesOn
                : BinaryExpression(SyntaxKind.LogicalAndExpression, Condition.Operand(goesOn), condition);
            return WhileStatement(condition, body.WithStatements(WithoutBlankLine(body.Statements.RemoveAt(0))))
                .WithLeadingTrivia(guard.GetLeadingTrivia());
        }

        return WhileStatement(condition ?? LiteralExpression(SyntaxKind.TrueLiteralExpression), body);
    }

    /// <summary><c>do … while</c>, for a body that ends with <c>if (more) await Self();</c> and has no other call.</summary>
    public static StatementSyntax? Loop(LoopPlan plan, BlockSyntax body)
    {
        if (plan.Calls.Count != 1 || plan.Calls[0].Changes.Count > 0 || plan.Token is not null || plan.Function.ReturnsValue)
            return null;
        if (body.Statements.LastOrDefault() is not IfStatementSyntax { Else: null } foot
            || Only(foot.Statement) is not ContinueStatementSyntax || HasComment(foot))
            return null;
        if (body.Statements.FirstOrDefault() is IfStatementSyntax { Else: null } guard && guard != foot
            && IsExit(guard.Statement))
            return null;
        // It would be disposed before the condition is looked at.
        if (body.Statements.Any(
            statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword }))
            return null;
        var names = new HashSet<string>(body.DescendantNodes().Select(DeclaredName).Where(name => name is not null)!);
        if (foot.Condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Any(name => names.Contains(name.Identifier.Text)) || Declares(foot.Condition))
            return null;
        return DoStatement(body.WithStatements(body.Statements.RemoveAt(body.Statements.Count - 1)),
            foot.Condition.WithoutTrivia());
    }

    /// <summary><c>if (done) { … } else continue;</c> as <c>if (!done) continue; …</c>: behind what goes on, no else
    /// is needed.</summary>
    public static IEnumerable<StatementSyntax> WithoutElse(StatementSyntax statement)
    {
        if (statement is not IfStatementSyntax { Else.Statement: var other } choice || HasComment(choice.Else))
            return [statement];
        if (Only(choice.Statement) is ContinueStatementSyntax && other is ExpressionStatementSyntax)
            return [choice.WithElse(null).WithTrailingTrivia(LineEnd.Of(statement)), other
                .WithTrailingTrivia(choice.Else.GetTrailingTrivia())
                .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Formatting.Formatter.Annotation)];
        if (Only(other) is not ContinueStatementSyntax)
            return [statement];
        var goOn = choice.WithCondition(Analyzers.Loops.Condition.Not(choice.Condition))
            .WithStatement(ContinueStatement().WithTrailingTrivia(choice.Else.GetTrailingTrivia())).WithElse(null);
        return choice.Statement is BlockSyntax { Statements: var then }
            && !then.Any(inner => inner is LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax)
            ? [goOn, .. then.Select(inner => inner
                .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Formatting.Formatter.Annotation))]
            : [goOn, choice.Statement];
    }

    private static ExpressionSyntax GoesOn(IParameterSymbol token) =>
        ParseExpression($"!{Change.Spelled(token)}.IsCancellationRequested");

    private static bool IsExit(StatementSyntax statement) =>
        Only(statement) is ReturnStatementSyntax { Expression: null } or YieldStatementSyntax { Expression: null };

    private static StatementSyntax Only(StatementSyntax statement) =>
        statement is BlockSyntax { Statements: { Count: 1 } only } ? only[0] : statement;

    private static bool Declares(ExpressionSyntax condition) =>
        condition.DescendantNodes().Any(node => node is SingleVariableDesignationSyntax);

    private static bool HasComment(SyntaxNode node) =>
        node.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
            || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));

    /// <summary>The one that stood between the guard and the rest.</summary>
    private static SyntaxList<StatementSyntax> WithoutBlankLine(SyntaxList<StatementSyntax> statements) =>
        statements.FirstOrDefault() is { } first
            ? statements.Replace(first, first.WithLeadingTrivia(
                first.GetLeadingTrivia().SkipWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia))))
            : statements;

    private static string? DeclaredName(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.Text,
        SingleVariableDesignationSyntax variable => variable.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        _ => null,
    };
}
