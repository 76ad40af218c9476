using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>A call to itself that a loop can stand for: its statement, and what it changes before the next iteration.</summary>
internal sealed class SelfCall(StatementSyntax statement, IReadOnlyList<Change> changes, bool leavesThread)
{
    public StatementSyntax Statement { get; } = statement;

    /// <summary>New values of parameters.</summary>
    public IReadOnlyList<Change> Changes { get; } = changes;

    /// <summary><c>Task.Run</c> stood around it: the next iteration must not start on this stack.</summary>
    public bool LeavesThread { get; } = leavesThread;

    /// <summary>A call whose statement does nothing but the call, or null.</summary>
    public static SelfCall? Of(IOperation call, IMethodSymbol function)
    {
        if (StatementOf(call.Syntax, function, out var leavesThread) is not { } statement || !EndsItsList(statement))
            return null;
        return Change.AllOf(call, function) is { } changes ? new(statement, changes, leavesThread) : null;
    }

    /// <summary>
    /// The statements behind the call are removed with it, so there must be none. A label there could be the target of a jump.
    /// </summary>
    private static bool EndsItsList(StatementSyntax statement)
    {
        var list = statement.Parent switch
        {
            BlockSyntax block => block.Statements,
            SwitchSectionSyntax section => section.Statements,
            _ => default,
        };
        return list.SkipWhile(one => one != statement).Skip(1)
            .All(behind => behind is EmptyStatementSyntax or LocalFunctionStatementSyntax or BreakStatementSyntax
                or ReturnStatementSyntax { Expression: null } or YieldStatementSyntax { Expression: null });
    }

    private static StatementSyntax? StatementOf(SyntaxNode call, IMethodSymbol function, out bool leavesThread)
    {
        leavesThread = false;
        var node = call;
        while (true)
        {
            switch (node.Parent)
            {
                case MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" or "AsTask" or "Preserve",
                    Parent: InvocationExpressionSyntax outer }:
                    node = outer;
                    break;
                case ParenthesizedExpressionSyntax or AwaitExpressionSyntax:
                    node = node.Parent;
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax run }
                    when IsTaskRun(run) && !leavesThread && node is not AwaitExpressionSyntax:
                    leavesThread = true;
                    node = run;
                    break;
                case ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0, ExpressionBody: not null,
                    Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax run } }
                    when IsTaskRun(run) && !leavesThread:
                    leavesThread = true;
                    node = run;
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: var routine } start }
                    when NameOf(routine) == "StartCoroutine":
                    node = start;
                    break;
                case ExpressionStatementSyntax or ReturnStatementSyntax when node is AwaitExpressionSyntax:
                    return (StatementSyntax)node.Parent;
                case YieldStatementSyntax yield:
                    return yield;
                case ForEachStatementSyntax loop when loop.Expression == node && OnlyYields(loop, function):
                    return loop;
                default:
                    return null;
            }
        }
    }

    private static bool IsTaskRun(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.Count == 1
        && call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Run", Expression: var host }
        && NameOf(host) == "Task";

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => null,
    };

    private static bool OnlyYields(ForEachStatementSyntax loop, IMethodSymbol function)
    {
        if (!loop.Type.IsVar && !(function.ReturnType is INamedTypeSymbol { TypeArguments: { Length: 1 } items }
            && items[0].ToDisplayString() == loop.Type.ToString()))
            return false;
        var body = loop.Statement is BlockSyntax { Statements: { Count: 1 } only } ? only[0] : loop.Statement;
        return body is YieldStatementSyntax { Expression: IdentifierNameSyntax item }
            && item.Identifier.Text == loop.Identifier.Text;
    }
}
