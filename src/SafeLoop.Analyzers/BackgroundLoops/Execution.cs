using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>The code that <c>BackgroundService.ExecuteAsync</c> runs: its own, and that of methods of the same class
/// that it calls.</summary>
internal static class Execution
{
    public static bool IsIn(IMethodSymbol method) => method is { Name: "ExecuteAsync", IsOverride: true, Parameters.Length: 1 };

    /// <summary>By name: the method may stand in another part of the class.</summary>
    public static bool Calls(IMethodSymbol helper) =>
        helper is { IsAsync: true, MethodKind: MethodKind.Ordinary }
        && helper.ContainingType.GetMembers("ExecuteAsync").OfType<IMethodSymbol>().Where(IsIn)
            .SelectMany(method => method.DeclaringSyntaxReferences)
            .SelectMany(place => place.GetSyntax().DescendantNodes().OfType<SimpleNameSyntax>())
                .Any(name => name.Identifier.Text == helper.Name);

    /// <summary>Those in the body, and in what it hands to <c>Task.Run</c>.</summary>
    public static IEnumerable<ILoopOperation> LoopsIn(IOperation body) =>
        Loops.OutermostIn(body).Concat(Own.OperationsIn(body).OfType<IInvocationOperation>()
        .Where(call => call.TargetMethod is { Name: "Run", ContainingType.Name: "Task" }
            or { Name: "StartNew", ContainingType.Name: "TaskFactory" })
        .SelectMany(call => call.Arguments).Select(argument => argument.Value).OfType<IDelegateCreationOperation>()
        .Select(handed => handed.Target).OfType<IAnonymousFunctionOperation>()
            .SelectMany(lambda => Loops.OutermostIn(lambda.Body)));
}
