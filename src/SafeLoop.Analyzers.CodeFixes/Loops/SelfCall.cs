using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Loops;

/// <summary>A call to itself that a loop can stand for: its statement, and what it changes before the next iteration.</summary>
internal sealed class SelfCall(StatementSyntax statement, IReadOnlyList<(IParameterSymbol Parameter, ExpressionSyntax Value)> changes, bool leavesThread)
{
    public StatementSyntax Statement { get; } = statement;

    /// <summary>New values of parameters.</summary>
    public IReadOnlyList<(IParameterSymbol Parameter, ExpressionSyntax Value)> Changes { get; } = changes;

    /// <summary><c>Task.Run</c> stood around it: the next iteration must not start on this stack.</summary>
    public bool LeavesThread { get; } = leavesThread;

    /// <summary>A call whose statement does nothing but the call, or null.</summary>
    public static SelfCall? Of(IOperation call, IMethodSymbol function)
    {
        if (StatementOf(call.Syntax, out var leavesThread) is not { } statement)
            return null;
        return ChangesOf(call, function) is { } changes ? new(statement, changes, leavesThread) : null;
    }

    private static StatementSyntax? StatementOf(SyntaxNode call, out bool leavesThread)
    {
        leavesThread = false;
        var node = call;
        while (true)
        {
            switch (node.Parent)
            {
                case MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" or "AsTask" or "Preserve", Parent: InvocationExpressionSyntax outer }:
                    node = outer;
                    break;
                case ParenthesizedExpressionSyntax or AwaitExpressionSyntax:
                    node = node.Parent;
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax run } when IsTaskRun(run) && !leavesThread && node is not AwaitExpressionSyntax:
                    leavesThread = true;
                    node = run;
                    break;
                case ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0, ExpressionBody: not null, Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax run } }
                    when IsTaskRun(run) && !leavesThread:
                    leavesThread = true;
                    node = run;
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: var routine } start } when NameOf(routine) == "StartCoroutine":
                    node = start;
                    break;
                case ExpressionStatementSyntax or ReturnStatementSyntax when node is AwaitExpressionSyntax:
                    return (StatementSyntax)node.Parent;
                case YieldStatementSyntax yield:
                    return yield;
                case ForEachStatementSyntax loop when loop.Expression == node && OnlyYields(loop):
                    return loop;
                default:
                    return null;
            }
        }
    }

    private static bool IsTaskRun(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.Count == 1 && call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Run", Expression: var host } && NameOf(host) == "Task";

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => null,
    };

    private static bool OnlyYields(ForEachStatementSyntax loop)
    {
        var body = loop.Statement is BlockSyntax { Statements: { Count: 1 } only } ? only[0] : loop.Statement;
        return body is YieldStatementSyntax { Expression: IdentifierNameSyntax item } && item.Identifier.Text == loop.Identifier.Text;
    }

    /// <summary>Null if a change cannot be written as an assignment.</summary>
    private static List<(IParameterSymbol, ExpressionSyntax)>? ChangesOf(IOperation call, IMethodSymbol function)
    {
        var changes = new List<(IParameterSymbol, ExpressionSyntax)>();
        if (call is not IInvocationOperation invocation)
            return function.Parameters.Length == 0 ? changes : null;
        foreach (var argument in invocation.Arguments)
        {
            if (argument.ArgumentKind is ArgumentKind.ParamArray or ArgumentKind.None || argument.Parameter is not { RefKind: RefKind.None })
                return null;
            var parameter = function.Parameters[argument.Parameter.Ordinal];
            if (argument.ArgumentKind == ArgumentKind.DefaultValue)
                changes.Add((parameter, DefaultOf(parameter)));
            else if (!PassesOn(argument.Value, parameter))
                changes.Add((parameter, argument.Syntax is ArgumentSyntax given ? given.Expression : (ExpressionSyntax)argument.Syntax));
        }

        return changes;
    }

    /// <summary>The next iteration sees the parameter as it is now: nothing to assign. <c>n++</c> passes on the old value.</summary>
    private static bool PassesOn(IOperation value, IParameterSymbol parameter) => value switch
    {
        IParameterReferenceOperation same => SymbolEqualityComparer.Default.Equals(same.Parameter, parameter),
        IIncrementOrDecrementOperation { IsPostfix: true, Target: IParameterReferenceOperation same } => SymbolEqualityComparer.Default.Equals(same.Parameter, parameter),
        _ => false,
    };

    private static ExpressionSyntax DefaultOf(IParameterSymbol parameter) =>
        parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax { Default.Value: { } value }
            ? value.WithoutTrivia()
            : SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression);
}
