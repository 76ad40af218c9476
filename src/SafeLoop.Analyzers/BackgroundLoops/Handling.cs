using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.BackgroundLoops;

/// <summary>Which awaited work may throw, and where that is caught.</summary>
internal static class Handling
{
    /// <summary>Whether the body awaits work that may throw out of it.</summary>
    public static bool LetsThroughAny(IOperation body) =>
        Own.OperationsIn(body).OfType<IAwaitOperation>()
            .Any(work => !Waits.IsWait(work.Operation) && !IsHandled(work, until: body) && !CatchesEverything(work.Operation));

    /// <summary>Whether a handler of all exceptions stands around the operation, inside <paramref name="until"/>.</summary>
    public static bool IsHandled(IOperation operation, IOperation? until)
    {
        for (var child = operation; child.Parent is { } parent && child != until; child = parent)
        {
            if (parent is ITryOperation handled && child == handled.Body && handled.Catches.Any(IsBroad))
                return true;
            if (parent is ICatchClauseOperation)
                return true;
        }

        return false;
    }

    /// <summary>The handlers of all exceptions around the operation, and the statements they stand in.</summary>
    public static IEnumerable<ICatchClauseOperation> HandlersAround(IOperation operation)
    {
        for (var child = operation; child.Parent is { } parent; child = parent)
        {
            if (parent is ITryOperation handled && child == handled.Body
                && handled.Catches.FirstOrDefault(IsBroad) is { } handler)
                yield return handler;
        }
    }

    /// <summary>
    /// With a filter too: <c>when (!stopping.IsCancellationRequested)</c> lets through what should end the loop.
    /// </summary>
    private static bool IsBroad(ICatchClauseOperation handler) =>
        handler.ExceptionType is null or { SpecialType: SpecialType.System_Object }
            or { Name: "Exception", ContainingNamespace.Name: "System" };

    /// <summary>A method of this compilation that awaits only inside handlers of its own.</summary>
    private static bool CatchesEverything(IOperation work)
    {
        while (work is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WaitAsync", Instance: { } inner })
            work = inner;
        return work is IInvocationOperation { TargetMethod: { IsAsync: true } method } && CatchesEverything(method);
    }

    /// <inheritdoc cref="CatchesEverything(IOperation)"/>
    public static bool CatchesEverything(IMethodSymbol method)
    {
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration)
            return false;
        var awaits = declaration.DescendantNodes(node => node is not AnonymousFunctionExpressionSyntax)
            .OfType<AwaitExpressionSyntax>().ToList();
        return awaits.Count > 0 && awaits.All(inner => inner.Ancestors().TakeWhile(node => node != declaration).Any(node =>
            node is CatchClauseSyntax
            || (node is TryStatementSyntax handled && handled.Block.Span.Contains(inner.Span) && handled.Catches.Any(IsBroad))));
    }

    private static bool IsBroad(CatchClauseSyntax handler) =>
        handler.Declaration?.Type.ToString() is null or "Exception" or "System.Exception";
}
