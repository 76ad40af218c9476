using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>
/// A body that catches everything catches its own cancellation too. As a loop it would then run for ever at full speed, where the
/// recursion ended in an error some time later; so such a loop looks at its token.
/// </summary>
internal static class Cancellation
{
    public static IParameterSymbol? SwallowedIn(LoopPlan plan, SemanticModel model)
    {
        var method = plan.Function.Method;
        if (plan.Function.ReturnsValue || plan.Function.IsIterator
            || !plan.Body.DescendantNodes().OfType<CatchClauseSyntax>().Any(handler => Swallows(handler, model)))
            return null;
        var token = method.Parameters.FirstOrDefault(parameter => parameter.Type.Name == "CancellationToken");
        return token is null || plan.Calls.SelectMany(call => call.Changes)
            .Any(change => SymbolEqualityComparer.Default.Equals(change.Parameter, token)) || Asks(plan, token)
            ? null
            : token;
    }

    private static bool Swallows(CatchClauseSyntax handler, SemanticModel model) =>
        handler.Filter is null
        && (handler.Declaration is null
            || model.GetTypeInfo(handler.Declaration.Type).Type?.Name is "Exception" or "SystemException"
                or "OperationCanceledException" or "TaskCanceledException")
        && !Leaves(handler)
        && !(handler.Parent is TryStatementSyntax handled
            && handled.Catches.TakeWhile(one => one != handler)
                .Any(before => before is { Filter: null, Declaration.Type: var type }
                    && model.GetTypeInfo(type).Type?.Name == "OperationCanceledException" && Leaves(before)));

    private static bool Leaves(CatchClauseSyntax handler) =>
        handler.Block.DescendantNodes()
            .Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax or ReturnStatementSyntax);

    private static bool Asks(LoopPlan plan, IParameterSymbol token) =>
        plan.Body.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(member =>
            member.Name.Identifier.Text is "IsCancellationRequested" or "ThrowIfCancellationRequested"
            && member.Expression is IdentifierNameSyntax name && name.Identifier.Text == token.Name
            && !member.Ancestors().TakeWhile(node => node != plan.Body).Any(node => node is TryStatementSyntax));
}
