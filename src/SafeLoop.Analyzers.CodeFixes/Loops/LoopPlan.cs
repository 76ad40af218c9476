using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// What a function must look like for a loop in place of its calls to itself, and what would be different.
/// Null where a loop would do something else, or the function is not one this knows how to rewrite.
/// </summary>
internal sealed class LoopPlan
{
    private LoopPlan(SyntaxNode declaration, BlockSyntax body, Function function, IReadOnlyList<SelfCall> calls)
    {
        Declaration = declaration;
        Body = body;
        Function = function;
        Calls = calls;
    }

    /// <summary>Method, local function or lambda.</summary>
    public SyntaxNode Declaration { get; }

    public BlockSyntax Body { get; }

    public Function Function { get; }

    public IReadOnlyList<SelfCall> Calls { get; }

    /// <summary>A token that must end the loop, because the body swallows cancellation.</summary>
    public IParameterSymbol? Token { get; private set; }

    public string Title => "Repeat in a loop" + Difference switch { "" => "", var difference => $" ({difference})" };

    private string Difference { get; set; } = "";

    public static LoopPlan? Of(
        SyntaxNode declaration, SemanticModel model, AnalyzerOptions options, CancellationToken cancellationToken)
    {
        if (FunctionSyntax.BodyOf(declaration) is not { } body
            || FunctionSyntax.Describe(declaration, model, cancellationToken) is not { } function)
            return null;
        if (Obstacles.InWay(function, declaration, body, model))
            return null;
        var settings = AnalyzerSettings.Of(options, declaration.SyntaxTree);
        if (CallsOf(function, settings) is not { Count: > 0 } calls
            || calls.Any(call => call is null || IsInLambda(call.Statement, body)))
            return null;
        var plan = new LoopPlan(declaration, body, function, calls!);
        if (Obstacles.InWay(plan, model))
            return null;
        plan.Token = Cancellation.SwallowedIn(plan, model);
        plan.Difference = Differences.Of(plan, model);
        return plan;
    }

    /// <summary>More than the call goes on in the lambda it is scheduled in.</summary>
    private static bool IsInLambda(SyntaxNode statement, SyntaxNode body) =>
        statement.Ancestors().TakeWhile(node => node != body).Any(node => node is AnonymousFunctionExpressionSyntax);

    /// <summary>Not on another object of its kind, nor through an interface that a derived class may implement anew.</summary>
    private static bool IsOnThis(IOperation call) =>
        call is not IInvocationOperation { TargetMethod.MethodKind: not MethodKind.DelegateInvoke, Instance: { } instance }
        || Function.IsOwn(instance);

    /// <summary>The calls that are reported; a null for each that no loop can stand for.</summary>
    private static List<SelfCall?> CallsOf(Function function, AnalyzerSettings settings)
    {
        var calls = new List<SelfCall?>();
        foreach (var operation in function.Body.DescendantsAndSelf())
        {
            if (Function.CallingItself(operation, function.Containing) is not { } own
                || !SymbolEqualityComparer.Default.Equals(own.Name, function.Name))
                continue;
            var result = Result.Of(operation, function, settings);
            if (new Judge(function, operation, result, settings).Decide() is not (Verdict.Repeats or Verdict.Retries
                or Verdict.RetriesWithinLimit))
                continue;
            calls.Add(Position.Of(operation, result, function) is { IsTail: true, IsInFinally: false } && IsOnThis(operation)
                ? SelfCall.Of(operation, function.Method)
                : null);
        }

        return calls;
    }
}
