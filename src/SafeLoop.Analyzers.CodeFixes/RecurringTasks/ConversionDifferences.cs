using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>What the runner does differently from the method, for the title of the fix.</summary>
internal static class ConversionDifferences
{
    public static string Of(ConversionPlan plan) => string.Join(", ", All(plan));

    private static IEnumerable<string> All(ConversionPlan plan)
    {
        if (!plan.Work.All(CatchesEverything))
            yield return "an exception does not end it";
        if (plan.LosesToken)
            yield return "stops with the host, not by the token it was started with";
        if (plan.WaitsFirst && plan.IsGuardStatic)
            yield return "looks at the condition after the delay";
    }

    private static bool CatchesEverything(StatementSyntax statement) =>
        statement is TryStatementSyntax { Finally: null } handled && handled.Catches.Any(IsBroad)
        && !handled.Catches.SelectMany(handler => handler.DescendantNodes())
            .Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax);

    private static bool IsBroad(CatchClauseSyntax handler) =>
        handler.Filter is null && handler.Declaration?.Type.ToString() is null or "Exception" or "System.Exception";
}
