using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// A task made by hand: <c>Task.Run(async () => { await Self(); done.SetResult(); }); return done.Task;</c>. The task of
/// each iteration ends after that of the next one, so it is a chain like any other.
/// </summary>
internal static class Completion
{
    /// <summary>Whether the lambda, behind the statement, completes the task that the function returns.</summary>
    public static bool Follows(IOperation statement, IAnonymousFunctionOperation lambda, IOperation body) =>
        IsOfReturned(lambda.Body.Descendants().Where(part => part.Syntax.SpanStart >= statement.Syntax.Span.End), body);

    /// <summary>The same as a continuation: <c>Self().ContinueWith(_ => done.SetResult())</c>.</summary>
    public static bool Continues(IInvocationOperation continuation, IOperation body) =>
        IsOfReturned(continuation.Arguments.SelectMany(argument => argument.Descendants()), body);

    private static bool IsOfReturned(IEnumerable<IOperation> behind, IOperation body)
    {
        var calls = behind.OfType<IInvocationOperation>().Where(call => Completes(call.TargetMethod.Name));
        var completed = new HashSet<ISymbol>(
            calls.Select(call => call.Instance is { } source ? Symbols.Of(source) : null).Where(source => source is not null)!,
            SymbolEqualityComparer.Default);
        return completed.Count > 0 && body.Descendants().OfType<IReturnOperation>().Any(end =>
            Places.LambdaAround(end, body) is null && end.ReturnedValue is { } value && value.DescendantsAndSelf().Any(part =>
                part is IPropertyReferenceOperation { Property.Name: "Task", Instance: { } source }
                && Symbols.Of(source) is { } symbol && completed.Contains(symbol)));
    }

    private static bool Completes(string name) => name is "SetResult" or "TrySetResult" or "SetException" or "TrySetException"
        or "SetCanceled" or "TrySetCanceled" or "SetFromTask" or "TrySetFromTask";
}
