using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// Writes a call to itself as a statement of its own, where it is an operand of <c>?:</c> or a task that is kept for
/// the next statement: then a loop can stand for it.
/// </summary>
internal sealed class Plainer : CSharpSyntaxRewriter
{
    private readonly string _name;

    private Plainer(string name) => _name = name;

    /// <summary>Null if there is nothing to make plainer.</summary>
    public static SyntaxNode? Rewrite(SyntaxNode declaration, string name)
    {
        if (FunctionSyntax.BodyOf(declaration) is not { } body)
            return null;
        var plainer = (BlockSyntax)new Plainer(name).Visit(body)!;
        return plainer == body ? null : FunctionSyntax.WithBody(declaration, plainer);
    }

    public override SyntaxNode? VisitBlock(BlockSyntax node)
    {
        var block = (BlockSyntax)base.VisitBlock(node)!;
        var statements = new List<StatementSyntax>();
        for (var index = 0; index < block.Statements.Count; index++)
        {
            var next = index + 1 < block.Statements.Count ? block.Statements[index + 1] : null;
            if (next is not null && Stored(block.Statements[index], next, node) is { } call)
            {
                statements.Add(next.ReplaceNode(AwaitIn(next)!.Expression, call)
                    .WithLeadingTrivia(block.Statements[index].GetLeadingTrivia()));
                index++;
            }
            else
            {
                statements.AddRange(Chosen(block.Statements[index]));
            }
        }

        return statements.SequenceEqual(block.Statements) ? block : block.WithStatements(List(statements));
    }

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => node;

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => node;

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) => node;

    /// <summary><c>await (more ? Self() : Work());</c></summary>
    private IEnumerable<StatementSyntax> Chosen(StatementSyntax statement)
    {
        if (AwaitIn(statement)
            is not { Expression: ParenthesizedExpressionSyntax { Expression: ConditionalExpressionSyntax choice } } wait
            || IsCall(choice.WhenTrue) == IsCall(choice.WhenFalse))
            return [statement];
        var (condition, call, other) = IsCall(choice.WhenTrue) ? (choice.Condition, choice.WhenTrue, choice.WhenFalse)
            : (Analyzers.Loops.Condition.Not(choice.Condition), choice.WhenFalse, choice.WhenTrue);
        var first = IfStatement(condition.WithoutTrivia(), statement.ReplaceNode(wait.Expression, call.WithoutTrivia())
            .WithoutTrivia())
            .WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(statement.GetTrailingTrivia())
                .WithAdditionalAnnotations(Formatter.Annotation);
        var second = statement.ReplaceNode(wait.Expression, other.WithoutTrivia()).WithLeadingTrivia()
            .WithAdditionalAnnotations(Formatter.Annotation);
        if (other.ToString() is "Task.CompletedTask" or "ValueTask.CompletedTask" && statement is ExpressionStatementSyntax)
            return [first];
        return statement is ReturnStatementSyntax ? [first, second] : [first.WithElse(ElseClause(second))];
    }

    /// <summary><c>var next = Self(); await next;</c>, or the same with an assignment, if nothing else reads it.</summary>
    private ExpressionSyntax? Stored(StatementSyntax statement, StatementSyntax next, BlockSyntax around)
    {
        var (kept, call) = statement switch
        {
            LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } only } =>
                (only[0].Identifier.ValueText, only[0].Initializer?.Value),
            ExpressionStatementSyntax
            {
                Expression: AssignmentExpressionSyntax
                {
                    RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax target, Right: var value,
                },
            } => (target.Identifier.ValueText, value),
            _ => (null, null),
        };
        if (kept is null || call is null || !IsCall(call) || AwaitIn(next) is not { Expression: IdentifierNameSyntax read }
            || read.Identifier.ValueText != kept)
            return null;
        var method = around.AncestorsAndSelf().LastOrDefault(node => node is BlockSyntax) ?? around;
        return method.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Count(name => name.Identifier.ValueText == kept) == (statement is LocalDeclarationStatementSyntax ? 1 : 2) ? call
            : null;
    }

    private static AwaitExpressionSyntax? AwaitIn(StatementSyntax statement) => statement switch
    {
        ExpressionStatementSyntax { Expression: AwaitExpressionSyntax wait } => wait,
        ReturnStatementSyntax { Expression: AwaitExpressionSyntax wait } => wait,
        _ => null,
    };

    private bool IsCall(ExpressionSyntax expression) => expression is InvocationExpressionSyntax { Expression: var called }
        && called switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == _name,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.ValueText == _name,
        _ => false,
    };
}
