using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// Puts a body into a loop: each call to itself becomes the assignment of what it changes, and
/// <c>continue</c>; the end of the body becomes a return.
/// </summary>
internal sealed class LoopRewriter : CSharpSyntaxRewriter
{
    /// <summary>The return at the end, which is dropped again if nothing reaches it.</summary>
    public static readonly SyntaxAnnotation Ending = new("SafeLoop.Ending");

    private readonly LoopPlan _plan;
    private readonly Dictionary<StatementSyntax, SelfCall> _calls;
    private readonly bool _needsYield;
    private readonly string _nextIteration;
    private SyntaxTriviaList _lostComments;

    private LoopRewriter(LoopPlan plan)
    {
        _plan = plan;
        _calls = plan.Calls.ToDictionary(call => call.Statement);
        _needsYield = plan.Function.Method.IsAsync && !plan.Function.IsIterator && !Awaits.AnyIn(plan.Body, _calls.Keys);
        _nextIteration = UnusedLabel(plan.Body);
    }

    public static SyntaxNode Rewrite(LoopPlan plan) => new LoopRewriter(plan).Rewrite();

    public override SyntaxNode? VisitBlock(BlockSyntax node) =>
        node.WithStatements(Spliced(node.Statements, isBody: node == _plan.Body));

    public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) =>
        node.WithStatements(Spliced(node.Statements, isBody: false));

    /// <summary>A call without braces around it: <c>if (…) await Self();</c>.</summary>
    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is not StatementSyntax statement || !_calls.TryGetValue(statement, out var call))
            return base.Visit(node);
        var instead = Instead(call, isLast: false);
        return instead.Count == 1 ? instead[0] : Block(instead);
    }

    private SyntaxNode Rewrite()
    {
        var body = (BlockSyntax)Visit(_plan.Body)!;
        // What stands behind the brace stays behind the outer one.
        body = body.WithCloseBraceToken(body.CloseBraceToken.WithTrailingTrivia(LineEnd.Of(_plan.Declaration)));
        var loop = Shorter.Loop(_plan, body) ?? Shorter.While(_plan.Token, WithEnding(body));
        var comments = _lostComments.Any()
            ? body.CloseBraceToken.WithLeadingTrivia(_lostComments.AddRange(body.CloseBraceToken.LeadingTrivia))
            : body.CloseBraceToken;
        loop = loop switch
        {
            WhileStatementSyntax { Statement: BlockSyntax inner } endless =>
                endless.WithStatement(inner.WithCloseBraceToken(comments)),
            _ => loop,
        };
        return FunctionSyntax.WithBody(_plan.Declaration,
            Block(loop.WithAdditionalAnnotations(Formatter.Annotation)).WithAdditionalAnnotations(Formatter.Annotation)
                .WithTrailingTrivia(_plan.Body.GetTrailingTrivia()));
    }

    private BlockSyntax WithEnding(BlockSyntax body)
    {
        var statements = body.Statements;
        if (!_plan.Function.ReturnsValue && !EndsWithCall())
            statements = statements.Add((_plan.Function.IsIterator
                ? YieldStatement(SyntaxKind.YieldBreakStatement)
                : (StatementSyntax)ReturnStatement()).WithAdditionalAnnotations(Ending));
        if (_calls.Keys.Any(IsInInnerLoop))
            statements = statements.Add(LabeledStatement(_nextIteration, EmptyStatement()));
        return body.WithStatements(statements);
    }

    private bool EndsWithCall() => _plan.Body.Statements.LastOrDefault() is { } last && _calls.ContainsKey(last);

    private SyntaxList<StatementSyntax> Spliced(SyntaxList<StatementSyntax> statements, bool isBody)
    {
        var result = new List<StatementSyntax>();
        for (var index = 0; index < statements.Count; index++)
        {
            if (!_calls.TryGetValue(statements[index], out var call))
            {
                result.AddRange(Shorter.WithoutElse((StatementSyntax)Visit(statements[index])!));
                continue;
            }

            result.AddRange(Instead(call, isBody && index == statements.Count - 1 && !statements[index].ContainsDirectives));
            // Behind a call that ends its iteration stands nothing but a bare return or break, which nothing reaches any more.
            var comments = statements.Skip(index + 1).Where(gone => gone is not LocalFunctionStatementSyntax)
                .SelectMany(CommentsOn).ToList();
            if (comments.Count > 0)
                result[result.Count - 1] =
                    result[result.Count - 1].WithTrailingTrivia(result[result.Count - 1].GetTrailingTrivia().AddRange(comments));
            result.AddRange(statements.Skip(index + 1).OfType<LocalFunctionStatementSyntax>());
            break;
        }

        return List(result);
    }

    private List<StatementSyntax> Instead(SelfCall call, bool isLast)
    {
        var instead = new List<StatementSyntax>(Changes(call));
        if (call.LeavesThread || _needsYield)
            instead.Add(Yield());
        if (!isLast)
            instead.Add(IsInInnerLoop(call.Statement)
                ? GotoStatement(SyntaxKind.GotoStatement, IdentifierName(_nextIteration))
                : ContinueStatement());
        if (instead.Count == 0)
        {
            _lostComments = TriviaList(CommentsOn(call.Statement));
            return instead;
        }

        instead[0] = instead[0].WithLeadingTrivia(call.Statement.GetLeadingTrivia());
        instead[instead.Count - 1] = instead[instead.Count - 1].WithTrailingTrivia(call.Statement.GetTrailingTrivia());
        return instead;
    }

    /// <summary>All new values are computed before any is assigned, like arguments.</summary>
    private static IEnumerable<StatementSyntax> Changes(SelfCall call)
    {
        if (call.Changes.Count == 1)
        {
            var change = call.Changes[0];
            yield return change.Value switch
            {
                PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } step
                    when IsStep(step) && name.Identifier.ValueText == change.Parameter.Name =>
                    ExpressionStatement(step.WithoutTrivia()),
                AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } own
                    when name.Identifier.ValueText == change.Parameter.Name => ExpressionStatement(own.WithoutTrivia()),
                _ => Assign(change.Target, change.Value.WithoutTrivia()),
            };
        }
        else if (call.Changes.Count > 1)
        {
            yield return Assign(
                TupleExpression(SeparatedList(call.Changes.Select(change => Argument(change.Target)))),
                TupleExpression(SeparatedList(call.Changes.Select(change => Argument(change.Value.WithoutTrivia())))));
        }
    }

    private static StatementSyntax Assign(ExpressionSyntax target, ExpressionSyntax value) =>
        ExpressionStatement(AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, target, value));

    private static ExpressionStatementSyntax Yield()
    {
        var task = ParseExpression("System.Threading.Tasks.Task").WithAdditionalAnnotations(Simplifier.Annotation);
        return ExpressionStatement(AwaitExpression(InvocationExpression(
            MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, task, IdentifierName("Yield")))));
    }

    private bool IsInInnerLoop(StatementSyntax call) => Obstacles.IsInInnerLoop(call, _plan.Body);

    private static string UnusedLabel(BlockSyntax body)
    {
        const string Name = "nextIteration";
        var used = new HashSet<string>((body.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? (SyntaxNode)body).DescendantNodes()
            .OfType<LabeledStatementSyntax>().Select(label => label.Identifier.ValueText));
        return Enumerable.Range(1, used.Count + 1).Select(number => number == 1 ? Name : Name + number)
            .First(name => !used.Contains(name));
    }

    private static bool IsStep(PrefixUnaryExpressionSyntax step) =>
        step.IsKind(SyntaxKind.PreIncrementExpression) || step.IsKind(SyntaxKind.PreDecrementExpression);

    private IEnumerable<SyntaxTrivia> CommentsOn(StatementSyntax statement) =>
        statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia()).Where(IsComment)
            .SelectMany(comment => new[] { comment, LineEnd.Of(_plan.Declaration) });

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);
}
