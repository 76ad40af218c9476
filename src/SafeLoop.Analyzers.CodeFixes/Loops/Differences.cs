using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>What a loop does differently, for the title of the fix: mostly what was meant in the first place.</summary>
internal static class Differences
{
    public static string Of(LoopPlan plan, SemanticModel model) => string.Join(", ", All(plan, model));

    private static IEnumerable<string> All(LoopPlan plan, SemanticModel model)
    {
        if (plan.Calls.Any(call => Surroundings.CleansUp(call.Statement, plan.Body, model)))
            yield return "cleans up after each iteration";
        if (plan.Calls.Any(call => Surroundings.HandlersOf(call.Statement, plan.Body).Any(MayThrow)))
            yield return "handles an exception once";
        if (plan.Calls.Any(call => call.LeavesThread))
            yield return "stays in the context of its caller";
        if (plan.Calls.Any(call => call.Statement is YieldStatementSyntax))
            yield return "goes on in the same sequence";
        if (plan.Token is not null)
            yield return "ends when cancelled";
    }

    /// <summary>An exception that leaves a handler went on to the same handler of each earlier call.</summary>
    private static bool MayThrow(CatchClauseSyntax handler) =>
        handler.Block.DescendantNodes()
            .Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax or AwaitExpressionSyntax);
}
